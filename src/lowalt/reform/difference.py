"""Two states of the law side by side: what entered into force, left it, or was amended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Literal

from lowalt.errors import LowaltError, RegulationError
from lowalt.reform.words import Words, words_of
from lowalt.regulations.authoring import Definition, Norm, Reading
from lowalt.regulations.conditions import ALWAYS, Condition
from lowalt.regulations.model import Bilingual, Parameter, Parameters, ParameterValue, Provision
from lowalt.regulations.rulebook import Rulebook
from lowalt.regulations.sources import Source
from lowalt.report.law_words import EFFECTS, Language, value_text
from lowalt.report.lines import wrap
from lowalt.wording import both

Kind = Literal["entered", "left", "parameter", "text", "reading"]

_Stands = tuple[Source, Provision]


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that differs between two states of the law.

    Attributes
    ----------
    kind
        ``entered`` or ``left`` for a provision; ``parameter``, ``text`` or ``reading`` for what
        differs in one that is in force in both.
    citation
        The provision.
    instrument, label
        Short title of its instrument, and how lawyers write the place in it.
    name
        Of the parameter, or of the part of the text; of the legal term where a definition
        differs; empty otherwise.
    before, after
        What stood and what stands, for people; empty where nothing did or does.
    """

    kind: Kind
    citation: str
    instrument: Bilingual
    label: Bilingual
    name: str
    before: Bilingual
    after: Bilingual

    def to_dict(self) -> dict[str, Any]:
        """Return the point as JSON values."""
        return {
            "kind": self.kind,
            "citation": self.citation,
            "name": self.name or None,
            "before": dict(self.before) if self.before["en"] else None,
            "after": dict(self.after) if self.after["en"] else None,
        }


@dataclass(frozen=True, slots=True)
class State:
    """Which state of the law is compared."""

    name: str
    on: date
    digest: str

    @classmethod
    def of(cls, book: Rulebook) -> State:
        """Name the state that a rulebook holds."""
        return cls(book.name, book.on, book.digest)

    def to_dict(self) -> dict[str, str]:
        """Return the state as JSON values."""
        return {"name": self.name, "on": self.on.isoformat(), "digest": self.digest}

    def __str__(self) -> str:
        return f"{self.name} {self.on.isoformat()}"


@dataclass(frozen=True, slots=True)
class RulebookDifference:
    """What differs between two states of the law, in the order of instruments and articles.

    Attributes
    ----------
    before, after
        The two states.
    entered, left
        Provisions in force in one of them only.
    amended
        Numbers, texts and readings that differ in provisions in force in both.
    """

    before: State
    after: State
    entered: tuple[Point, ...]
    left: tuple[Point, ...]
    amended: tuple[Point, ...]

    def __bool__(self) -> bool:
        return bool(self.entered or self.left or self.amended)

    def to_dict(self) -> dict[str, Any]:
        """Return the difference as JSON values."""
        return {
            "before": self.before.to_dict(),
            "after": self.after.to_dict(),
            **{
                part: [point.to_dict() for point in getattr(self, part)]
                for part in ("entered", "left", "amended")
            },
        }

    def text(self, lang: Language = "en", *, width: int = 100) -> str:
        """Say the difference to a person, instrument by instrument.

        Raises
        ------
        InvalidInputError
            If the language is neither ``zh`` nor ``en``.
        """
        words = words_of(lang)
        lines = [words.law.format(before=self.before, after=self.after)]
        for title, points in (
            (words.entered, self.entered),
            (words.left, self.left),
            (words.amended, self.amended),
        ):
            lines.extend(_section(title, points, lang, width))
        return "\n".join(lines if self else [*lines, words.same])


def _section(title: str, points: tuple[Point, ...], lang: Language, width: int) -> Iterator[str]:
    if not points:
        return
    yield ""
    yield f"{title} ({len(points)})"
    for instrument, group in groupby(points, key=lambda point: point.instrument[lang]):
        yield f"  {instrument}"
        for point in group:
            for line in _said(point, lang, words_of(lang)):
                hang = "      " if line.startswith("    ") else "    "
                yield from wrap(line.strip(), width=width, first=hang, rest=hang + "  ")


def _said(point: Point, lang: Language, words: Words) -> Iterator[str]:
    before, after = point.before[lang], point.after[lang]
    label = f"{point.label[lang]}{words.colon}"
    if point.kind in ("entered", "left"):
        yield f"{label}{after or before}"
        return
    before, after = before or words.none, after or words.none
    if point.kind == "parameter":
        yield label + words.value.format(name=point.name, before=before, after=after)
        return
    name = words.parts.get(point.name, f" ({point.name})" if point.name else "")
    yield label + words.changed[point.kind].format(name=name)
    yield f"    - {before}"
    yield f"    + {after}"


def difference(old: Rulebook, new: Rulebook) -> RulebookDifference:
    """Compare two states of the law: of two days, or one as it is and as it would be.

    Parameters
    ----------
    old, new
        Rulebooks that were loaded, or amended.

    Returns
    -------
    RulebookDifference
        Empty, and false, where nothing differs.

    Raises
    ------
    RegulationError
        If a rulebook was made of rules.

    Examples
    --------
    >>> from lowalt.regulations.rulebook import amend, load_rulebook
    >>> book = load_rulebook("shenzhen", on=date(2026, 6, 1))
    >>> higher = amend(book, parameters={"cn/order_761_2023#art_19__para_2.ceiling": "150 m"})
    >>> print(difference(book, higher).text("en"))
    Law: shenzhen 2026-06-01 -> shenzhen (amended) 2026-06-01
    <BLANKLINE>
    Amended (1)
      Decree 761
        art. 19(2): ceiling: 120 m AGL -> 150 m AGL
    """
    sides = (_in_force(old), _in_force(new))
    entered: list[Point] = []
    left: list[Point] = []
    amended: list[Point] = []
    for citation in _in_order(*sides):
        then, now = (side.get(citation) for side in sides)
        if then is None and now is not None:
            entered.append(_whole("entered", *now))
        elif now is None and then is not None:
            left.append(_whole("left", *then))
        elif then is not None and now is not None:
            amended.extend(_Pair(then, now, old.on, new.on).points())
    return RulebookDifference(
        State.of(old), State.of(new), tuple(entered), tuple(left), tuple(amended)
    )


def _in_force(book: Rulebook) -> Mapping[str, _Stands]:
    if not book.sources:
        raise RegulationError(
            f"rulebook {book.name} was made of rules; compare those that load_rulebook gave"
        )
    return {
        provision.citation: (source, provision)
        for source in book.sources
        for provision in source.instrument.provisions.values()
        if book.on in provision.in_force
    }


def _in_order(old: Mapping[str, _Stands], new: Mapping[str, _Stands]) -> list[str]:
    """Citations of both, those of one instrument together."""
    instruments = dict.fromkeys(c.partition("#")[0] for c in (*old, *new))
    place = {identifier: index for index, identifier in enumerate(instruments)}
    return sorted(dict.fromkeys((*new, *old)), key=lambda c: place[c.partition("#")[0]])


def _whole(kind: Kind, source: Source, provision: Provision) -> Point:
    nothing = both("", "")
    before, after = (
        (nothing, provision.summary) if kind == "entered" else (provision.summary, nothing)
    )
    short_title = source.instrument.short_title
    return Point(kind, provision.citation, short_title, provision.label, "", before, after)


class _Pair:
    """One provision in two states of the law."""

    def __init__(self, then: _Stands, now: _Stands, old_on: date, new_on: date) -> None:
        self.old, self.new = then, now
        self.old_on, self.new_on = old_on, new_on

    def points(self) -> Iterator[Point]:
        yield from self.texts()
        yield from self.parameters()
        yield from self.readings()

    def point(self, kind: Kind, name: str, before: Bilingual, after: Bilingual) -> Point:
        source, provision = self.new
        return Point(
            kind,
            provision.citation,
            source.instrument.short_title,
            provision.label,
            name,
            before,
            after,
        )

    def texts(self) -> Iterator[Point]:
        for name in ("summary", "action", "addressee", "note"):
            before, after = (getattr(provision, name) for _, provision in (self.old, self.new))
            if before != after:
                yield self.point("text", name, before, after)

    def parameters(self) -> Iterator[Point]:
        old, new = (provision.parameters for _, provision in (self.old, self.new))
        for name in dict.fromkeys((*old, *new)):
            before = _value(old.get(name), self.old_on)
            after = _value(new.get(name), self.new_on)
            if before != after:
                yield self.point("parameter", name, _shown(before), _shown(after))

    def readings(self) -> Iterator[Point]:
        """Compare readings with one day's numbers filled in, which are compared already."""
        old, new = (_marks(*side) for side in (self.old, self.new))
        for name in dict.fromkeys((*old, *new)):
            before, after = old.get(name), new.get(name)
            if before is not None and after is not None and self._reads_alike(before, after):
                continue
            yield self.point(
                "reading", name, self._read(before, self.old), self._read(after, self.new)
            )

    def _reads_alike(self, before: Reading | Definition, after: Reading | Definition) -> bool:
        if before is after:
            return True
        parameters = Parameters(self.new[0].instrument, on=self.new_on)
        try:
            return _as_data(before, parameters) == _as_data(after, parameters)
        except LowaltError:
            # The old reading asks for a number that is no longer there.
            return False

    def _read(self, mark: Reading | Definition | None, stands: _Stands) -> Bilingual:
        if mark is None:
            return both("", "")
        on = self.old_on if stands is self.old else self.new_on
        written = mark.write(Parameters(stands[0].instrument, on=on))
        return both(*(_sentence(mark, written, lang) for lang in ("zh", "en")))


def _value(parameter: Parameter | None, on: date) -> ParameterValue | None:
    if parameter is None:
        return None
    return next((value for days, value in parameter.values if on in days), None)


def _shown(value: ParameterValue | None) -> Bilingual:
    if value is None:
        return both("", "")
    return both(value_text(value, lang="zh"), value_text(value, lang="en"))


def _marks(source: Source, provision: Provision) -> dict[str, Reading | Definition]:
    """Find the readings of a provision by the term they define, or by nothing."""
    found: dict[str, Reading | Definition] = {
        definition.term: definition
        for definition in source.definitions
        if definition.key == provision.key
    }
    found.update(("", reading) for reading in source.readings if reading.key == provision.key)
    return found


def _as_data(mark: Reading | Definition, parameters: Parameters) -> tuple[object, ...]:
    written = mark.write(parameters)
    if isinstance(mark, Definition):
        return (mark.term, written)
    return (
        written, mark.scope, mark.effect, mark.deadline, mark.answer, mark.accompanies, mark.needs,
        mark.derives, mark.waives, mark.addresses,
    )  # fmt: skip


def _sentence(mark: Reading | Definition, written: Norm | Condition, lang: Language) -> str:
    if isinstance(written, Condition):
        return written.sentence(lang)
    assert isinstance(mark, Reading)
    words = words_of(lang)
    when = words.when.format(what=written.applies.sentence(lang))
    parts = [
        words.always if written.applies == ALWAYS else when,
        words.must.format(what=written.satisfied.sentence(lang))
        if written.satisfied is not None
        else "",
        words.waives.format(what=words.comma.join(mark.waives)) if mark.waives else "",
    ]
    return f"{EFFECTS[mark.effect][lang]}{words.colon}{''.join(parts)}"
