"""Records of verdicts, and whether they come out the same again.

A record is one line of canonical JSON: the plan, and the verdict with names and digests of all
that it rests on. It is the same whatever machine or process writes it, so that records can be
compared, signed and kept. Datasets are not in it; replaying finds those that come with lowalt by
name, and is given the others.

Which engine inferred is recorded and not compared, since all give the same answers. Terrain and
geoid are known by name alone; what they say otherwise shows in the findings.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final, TypeVar

from lowalt.airspace import AirspaceDataset, load_airspace
from lowalt.assessment import assess
from lowalt.documents import parse_json, require_size
from lowalt.errors import (
    Difference,
    InvalidInputError,
    ReplayDiffersError,
    UnknownNameError,
)
from lowalt.flights import FlightPlan, canonical_json, parse_plan
from lowalt.regulations.own_rules import Paths
from lowalt.regulations.rulebook import Rulebook, amend, load_rulebook
from lowalt.terrain import GeoidModel, TerrainModel, load_geoid
from lowalt.verdicts import Verdict

FORMAT: Final = "lowalt verdict record"
VERSION: Final = 1

_Json = Mapping[str, Any]
_ABSENT: Final = object()

Model = TypeVar("Model")


def record(verdict: Verdict, *, plan: FlightPlan) -> str:
    """Write a verdict down so that it can be replayed.

    Parameters
    ----------
    verdict
        The verdict.
    plan
        The plan that it judges.

    Returns
    -------
    str
        One line of canonical JSON: sorted keys, no spaces.

    Raises
    ------
    InvalidInputError
        If the verdict is on another plan.

    Examples
    --------
    >>> from lowalt.flights import read_plan
    >>> plan = read_plan("examples/plans/06_exactly_120_m.json")
    >>> verdict = assess(plan, airspace=load_airspace("shenzhen"))
    >>> replay(record(verdict, plan=plan)) == verdict
    True
    """
    if plan.digest != verdict.record.plan:
        raise InvalidInputError(
            f"plan {plan.plan_id!r} is not the one judged: its digest is {plan.digest}, and the"
            f" verdict is on {verdict.plan_id!r} with {verdict.record.plan}"
        )
    document = {
        "format": FORMAT,
        "version": VERSION,
        "plan": json.loads(canonical_json(plan)),
        "verdict": verdict.to_dict(),
    }
    return _canonical(document)


def replay(
    recorded: str | bytes | Mapping[str, Any],
    *,
    airspace: AirspaceDataset | None = None,
    rulebook: Rulebook | None = None,
    own_rules: Paths = (),
    terrain: TerrainModel | None = None,
    geoid: GeoidModel | None = None,
) -> Verdict:
    """Judge a recorded plan again.

    Parameters
    ----------
    recorded
        A record, as text, as UTF-8 bytes or parsed.
    airspace
        The dataset; not needed where it comes with lowalt.
    rulebook
        The law; not needed where it comes with lowalt, also with other parameters.
    own_rules
        Instruments of your own that were added to the law, as ``load_rulebook`` takes them.
    terrain, geoid
        Models to convert levels with, where there were any; the geoid of lowalt is not needed.

    Returns
    -------
    Verdict
        Of now, if it is the recorded one in every byte but the name of the engine.

    Raises
    ------
    ReplayDiffersError
        If it is not; it carries every difference and the verdict of now.
    InvalidInputError
        If it is no record, or if something that it rests on must be given.
    RegulationError
        If the law can no longer be amended as it was.
    """
    document = _read(recorded)
    then: _Json = document["verdict"]
    rests_on: _Json = then["record"]
    plan = _plan(document)
    if airspace is None:
        airspace = _airspace(_text(rests_on, "airspace_name"))
    if rulebook is None:
        rulebook = _rulebook(then, own_rules)
    now = assess(
        plan,
        airspace=airspace,
        rulebook=rulebook,
        submitted_at=_moment(then, "submitted_at"),
        terrain=_given("terrain", rests_on, terrain),
        geoid=_geoid(rests_on, geoid),
    )
    found = tuple(_differences(then, json.loads(now.to_json())))
    if found:
        # What a verdict rests on says why the rest of it differs.
        found = tuple(sorted(found, key=lambda d: not d.path.startswith("record.")))
        said = "1 difference" if len(found) == 1 else f"{len(found)} differences"
        raise ReplayDiffersError(
            f"the verdict on {plan.plan_id!r} does not come out as recorded; {said}:",
            differences=found,
            verdict=now,
        )
    return now


def _canonical(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


# What a record holds ------------------------------------------------------------------------------


def _read(recorded: str | bytes | Mapping[str, Any]) -> _Json:
    content = recorded
    try:
        if isinstance(content, Mapping):
            content = json.dumps(content)
        if isinstance(content, str):
            content = content.encode()
        require_size(content, name="record")
        document = parse_json(content, name="record")
        _canonical(document)
    except (TypeError, ValueError, RecursionError) as error:
        if isinstance(error, InvalidInputError):
            raise
        raise InvalidInputError(f"record: not a JSON document: {error}") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise InvalidInputError(f"record: expected a JSON object with format {FORMAT!r}")
    if type(document.get("version")) is not int or document["version"] != VERSION:
        raise InvalidInputError(
            f"record: given version {document.get('version')!r}, expected {VERSION}; replay it with"
            " the version of lowalt that wrote it"
        )
    if strange := set(document) - {"format", "version", "plan", "verdict"}:
        raise InvalidInputError(f"record: unknown members {', '.join(sorted(strange))}")
    verdict = document.get("verdict")
    if not isinstance(verdict, dict) or not isinstance(verdict.get("record"), dict):
        raise InvalidInputError("record: verdict.record: expected an object")
    return document


def _text(part: _Json, key: str) -> str:
    value = part.get(key)
    if not isinstance(value, str):
        raise InvalidInputError(f"record: verdict: {key}: given {value!r}, expected a text")
    return value


def _moment(verdict: _Json, key: str) -> datetime | None:
    if verdict.get(key) is None:
        return None
    text = _text(verdict, key)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise InvalidInputError(
            f"record: verdict: {key}: given {text!r}, expected a time with its offset"
        )
    return moment


def _plan(document: _Json) -> FlightPlan:
    plan = document.get("plan")
    if not isinstance(plan, dict):
        raise InvalidInputError(f"record: plan: given {plan!r}, expected an object")
    try:
        return parse_plan(plan)
    except InvalidInputError as error:
        raise InvalidInputError(f"record: {error}") from None


# What it rests on ---------------------------------------------------------------------------------


@lru_cache(maxsize=4)
def _airspace(name: str) -> AirspaceDataset:
    # A record names datasets, never files: it is not for it to say what is opened here.
    if name.isidentifier():
        try:
            return load_airspace(name)
        except UnknownNameError:
            pass
    raise InvalidInputError(
        f"record: it rests on airspace {name!r}, which does not come with lowalt; give it as"
        " airspace"
    )


def _rulebook(verdict: _Json, own_rules: Paths) -> Rulebook:
    rests_on: _Json = verdict["record"]
    name, law = _text(rests_on, "rulebook_name"), _text(rests_on, "law")
    on = _text(verdict, "on")
    try:
        day = date.fromisoformat(on)
    except ValueError:
        raise InvalidInputError(f"record: verdict: on: given {on!r}, expected a day") from None
    amendments = _amendments(rests_on)
    if not law or any(written is None for _, written in amendments):
        raise InvalidInputError(
            f"record: it rests on rulebook {name!r}, made of rules or readings that a record cannot"
            " hold; give it as rulebook"
        )
    added = rests_on.get("own_rules")
    if not isinstance(added, dict):
        raise InvalidInputError(
            f"record: verdict: own_rules: given {added!r}, expected digests by instrument"
        )
    if added and not own_rules:
        raise InvalidInputError(
            f"record: it rests on rulebook {name!r} with instruments of your own"
            f" ({', '.join(added)}); give"
            " their folder as own_rules"
        )
    book = load_rulebook(law, on=day, own_rules=own_rules)
    for path, written in amendments:
        book = amend(book, parameters={path: str(written)})
    return book


def _amendments(rests_on: _Json) -> list[tuple[str, str | None]]:
    found = rests_on.get("amendments")
    well_formed = isinstance(found, list) and all(
        isinstance(pair, list)
        and len(pair) == 2
        and isinstance(pair[0], str)
        and isinstance(pair[1], str | None)
        for pair in found
    )
    if not well_formed:
        raise InvalidInputError(
            f"record: verdict: amendments: given {found!r}, expected pairs of path and value"
        )
    return [(path, written) for path, written in found or ()]


def _given(what: str, rests_on: _Json, model: Model | None) -> Model | None:
    if model is None and rests_on.get(what) is not None:
        raise InvalidInputError(
            f"record: it rests on {what} {rests_on[what]!r}, which must be given as {what}"
        )
    return model


def _geoid(rests_on: _Json, geoid: GeoidModel | None) -> GeoidModel | None:
    if geoid is None and rests_on.get("geoid") == (held := load_geoid()).name:
        return held
    return _given("geoid", rests_on, geoid)


# What differs -------------------------------------------------------------------------------------


def _differences(then: _Json, now: _Json) -> Iterator[Difference]:
    for difference in _between(then, now, ""):
        if difference.path != "record.engine":
            yield difference


def _between(then: Any, now: Any, path: str) -> Iterator[Difference]:
    if isinstance(then, dict) and isinstance(now, dict):
        for key in sorted({*then, *now}):
            here = f"{path}.{key}" if path else key
            yield from _between(then.get(key, _ABSENT), now.get(key, _ABSENT), here)
    elif isinstance(then, list) and isinstance(now, list):
        yield from _between_lists(then, now, path)
    elif _canonical_or_absent(then) != _canonical_or_absent(now):
        yield Difference(path, _or_none(then), _or_none(now))


def _between_lists(then: list[Any], now: list[Any], path: str) -> Iterator[Difference]:
    """Compare items that cite the same, so that one more of them is one difference."""
    old, new = _cited(then), _cited(now)
    found = False
    for key in dict.fromkeys([*old, *new]):
        for difference in _between(old.get(key, _ABSENT), new.get(key, _ABSENT), f"{path}[{key}]"):
            found = True
            yield difference
    if not found and list(old) != list(new):
        yield Difference(path, list(old), list(new))


def _cited(items: list[Any]) -> dict[str, Any]:
    """Items by what they cite, numbered where several cite the same, or where none does."""
    seen: Counter[str] = Counter()
    found = {}
    for item in items:
        name = str(item["citation"]) if isinstance(item, dict) and "citation" in item else ""
        number = seen[name]
        seen[name] += 1
        found[f"{name}{f' {number + 1}' * (number > 0)}" if name else str(number)] = item
    return found


def _canonical_or_absent(value: Any) -> object:
    return value if value is _ABSENT else _canonical(value)


def _or_none(value: Any) -> Any:
    return None if value is _ABSENT else value
