"""What is asked of every plan, and the world that it is asked of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from lowalt.cli.options import open_airspace, open_rulebook, open_terrain

if TYPE_CHECKING:
    from lowalt.regulations.model import Bilingual
    from lowalt.regulations.rulebook import Rulebook

_SOME_DAY = date(2026, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of every plan, in words: other processes open what it names for themselves."""

    airspace: str = "shenzhen"
    rules: tuple[Path, ...] = ()
    submitted_at: datetime | None = None
    as_of: datetime | None = None
    terrain: str | None = None
    geoid: bool = False

    def options(self) -> dict[str, Any]:
        """Return what of it no digest tells, as JSON values."""
        return {
            "submitted_at": self.submitted_at and self.submitted_at.isoformat(),
            "now": self.as_of and self.as_of.isoformat(),
            "terrain": self.terrain,
            "geoid": self.geoid,
        }


class World:
    """Airspace, ground and law, opened once a process."""

    def __init__(self, asked: Asked, *, engine: Literal["auto", "reference"] = "auto") -> None:
        from lowalt.terrain import load_geoid

        self.asked, self._engine = asked, engine
        self.airspace = open_airspace(asked.airspace)
        self.terrain = open_terrain(asked.terrain)
        self.geoid = load_geoid() if asked.geoid else None
        self._law: Rulebook | None = None

    def law(self, day: date) -> Rulebook:
        """Give the law of a day; files are read once, and a day's rules compiled once."""
        if self._law is None:
            self._law = open_rulebook(self.asked.rules, on=day, engine=self._engine)
        return self._law.of_day(day)

    @property
    def any_law(self) -> Rulebook:
        """The law of some day: what it holds, and its digest, are the same on every day."""
        return self.law(_SOME_DAY) if self._law is None else self._law

    def cited(self, citation: str) -> Bilingual:
        """Write a citation for people."""
        from lowalt.wording import both

        provision = self.any_law.provision(citation)
        identifier = citation.partition("#")[0]
        (title,) = (i.short_title for i in self.any_law.instruments if i.identifier == identifier)
        return both(
            f"{title['zh']}{provision.label['zh']}", f"{title['en']} {provision.label['en']}"
        )
