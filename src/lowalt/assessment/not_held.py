"""What law the flight is under, or may be, that the rulebook does not hold."""

from __future__ import annotations

from collections.abc import Iterator

from lowalt.judgement import Judgement
from lowalt.regulations.model import Craft, Instrument
from lowalt.regulations.rulebook import jurisdiction_of
from lowalt.situation import Situation
from lowalt.terms import Jurisdiction
from lowalt.truth import Truth
from lowalt.verdicts import NotHeld
from lowalt.wording import both

_AUTHORITY = {
    Jurisdiction.MAINLAND: ("民航局", "the CAAC"),
    Jurisdiction.HONG_KONG: ("民航处", "the CAD"),
    Jurisdiction.MACAO: ("民航局", "the AACM"),
}


def not_held(judgement: Judgement, situation: Situation) -> Iterator[NotHeld]:
    """Yield what is not held, by jurisdiction in the order in which the flight is under them.

    Parameters
    ----------
    judgement
        What the law held says of the flight.
    situation
        The flight that it was asked about.
    """
    unmanned = judgement.grounds.case.flight.value("is_unmanned")
    crafts = [Craft.UNMANNED] * (unmanned is not False) + [Craft.MANNED] * (unmanned is not True)
    touched = [leg.jurisdiction for leg in situation.legs if leg.exists is not Truth.FALSE]
    for home in (*dict.fromkeys(touched), None):
        for craft in crafts:
            if home is not None and (home, craft) in judgement.ungoverned:
                zh, en = _AUTHORITY[home]
                text = both(f"全部法规；请向{zh}核实。", f"all of it; ask {en}.")
                yield NotHeld(home, craft, text)
        for instrument in judgement.rulebook.instruments:
            if jurisdiction_of(instrument) is home and _binds(instrument, crafts, judgement):
                yield NotHeld(home, instrument.craft, instrument.not_held)


def _binds(instrument: Instrument, crafts: list[Craft], judgement: Judgement) -> bool:
    """Whether an instrument that names something is in force for a craft that the flight may be."""
    return (
        bool(instrument.not_held["en"])
        and judgement.rulebook.on in instrument.in_force
        and (instrument.craft is Craft.ALL or instrument.craft in crafts)
    )
