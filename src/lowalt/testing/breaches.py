"""Single breaches to put into an ordinary plan, each with the citation that a verdict shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import strategies as st

from lowalt.testing.ordinary import AIRCRAFT, LIGHT, SMALL, AircraftSize, Document

_DECREE, _CCAR_92 = "cn/order_761_2023", "cn/ccar_92_2024"


@dataclass(frozen=True, slots=True)
class Breach:
    """A way of breaking one rule.

    Attributes
    ----------
    citation
        The rule; the verdict shows it breached, or its duty as standing.
    put_into
        Changes the document of an ordinary plan.
    aircraft, operators
        Those that the rule binds.
    """

    citation: str
    put_into: Callable[[Document, st.DrawFn], None]
    aircraft: tuple[AircraftSize, ...] = AIRCRAFT
    operators: tuple[str, ...] = ("individual", "unit")


def _set(document: Document, path: str, value: object) -> None:
    *parts, last = path.split(".")
    for part in parts:
        document = document[part]
    document[last] = value


def _states(**values: object) -> Callable[[Document, st.DrawFn], None]:
    """Build a change that states values; ``__`` in a name stands for the dot of a path."""

    def change(document: Document, draw: st.DrawFn) -> None:
        del draw
        for name, value in values.items():
            _set(document, name.replace("__", "."), value)

    return change


def _pilot(**values: object) -> Callable[[Document, st.DrawFn], None]:
    """Build a change to one pilot, whichever: the worst placed counts."""

    def change(document: Document, draw: st.DrawFn) -> None:
        draw(st.sampled_from(document["pilots"])).update(values)

    return change


def _too_high(document: Document, draw: st.DrawFn) -> None:
    level = {"value_m": float(draw(st.integers(120, 400))), "reference": "AGL"}
    if "waypoints" in document and draw(st.booleans()):
        # The waypoints are low enough; it is the airspace around them that is not.
        document["vertical_buffer_m"] = 120.0 - min(
            draw(st.integers(0, 60)), max(w["level"]["value_m"] for w in document["waypoints"])
        )
    elif "waypoints" in document:
        draw(st.sampled_from(document["waypoints"]))["level"] = level
    else:
        document["operating_area"]["ceiling"] = level


def _special_operation(document: Document, draw: st.DrawFn) -> None:
    special = document["special_operations"]
    special[draw(st.sampled_from(sorted(special)))] = True
    if special["dangerous_goods_or_dropping"]:
        carried = draw(st.sampled_from(["dangerous_goods", "drops_objects"]))
        document["payload"][carried] = True


def _not_registered(document: Document, draw: st.DrawFn) -> None:
    states = ["suspended", "cancelled", "not_registered"]
    _set(document, "aircraft.registration.state", draw(st.sampled_from(states)))


def _drank_too_lately(document: Document, draw: st.DrawFn) -> None:
    hours = draw(st.integers(0, 32)) / 4.0
    draw(st.sampled_from(document["pilots"]))["hours_since_alcohol"] = hours


def _licence_none(document: Document, draw: st.DrawFn) -> None:
    draw(st.sampled_from(document["pilots"]))["licence"] = {"largest_class": "none"}


BREACHES = (
    Breach(f"{_DECREE}#art_19__para_2__height", _too_high),
    Breach(f"{_DECREE}#art_26__para_1", _special_operation),
    Breach(f"{_DECREE}#art_10__para_1", _not_registered),
    Breach(
        f"{_DECREE}#art_11__para_1",
        _states(operator__certificate={"held": False}),
        aircraft=(LIGHT, SMALL),
        operators=("unit",),
    ),
    Breach(
        f"{_DECREE}#art_12",
        _states(mission__commercial=True, aircraft__insurance={"held": False}),
    ),
    Breach(
        f"{_DECREE}#art_14__para_2",
        _states(aircraft__modified=True, aircraft__performance_updated=False),
    ),
    Breach(f"{_DECREE}#art_15", _states(aircraft__designated_frequency=False)),
    Breach(f"{_DECREE}#art_16__para_1", _licence_none, aircraft=(SMALL,)),
    Breach(f"{_DECREE}#art_17__para_2", _pilot(capacity="none", competent_adult_on_site=False)),
    Breach(f"{_DECREE}#art_22__para_2", _states(mission__requests_fusion=True), aircraft=(SMALL,)),
    Breach(
        f"{_DECREE}#art_24__para_1",
        _states(aircraft__identification__network=False),
        aircraft=(LIGHT, SMALL),
    ),
    Breach(f"{_DECREE}#art_24__para_2", _states(aircraft__identification__broadcast=False)),
    Breach(
        f"{_DECREE}#art_32__item_8",
        _states(mission__control_mode="bvlos", mission__avoidance_measure=False),
        aircraft=(LIGHT, SMALL),
    ),
    Breach(f"{_DECREE}#art_32__item_9", _pilot(impaired=True)),
    Breach(
        f"{_DECREE}#art_35__para_1",
        _states(mission__kind="survey", operator__surveying_qualification=False),
        operators=("unit",),
    ),
    Breach(f"{_CCAR_92}#art_92_611__a__time", _drank_too_lately),
    Breach(f"{_CCAR_92}#art_92_611__a__blood", _pilot(blood_alcohol_percent=0.04)),
    Breach(
        f"{_CCAR_92}#art_92_543__b",
        _states(mission__control_mode="bvlos", mission__traffic_service=False),
        aircraft=(LIGHT, SMALL),
    ),
)
"""One way of breaking each of some rules."""
