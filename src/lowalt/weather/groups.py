"""The groups of a coded report, each held against the forms that a group can have.

The parser that decodes them passes over what it does not know. Here a mistyped cloud would become
no cloud, so a group of no known form is refused by its name before anything is decoded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import Enum
from typing import NamedTuple

from lowalt.errors import Problem

_PHENOMENA = (
    "DZ|RA|SN|SG|PL|IC|GR|GS|UP|BR|FG|FU|VA|DU|SA|HZ|PO|SQ|FC|SS|DS|PY"  # WMO code table 4678
)
_RANGE = r"[PM]?\d{4}(?:V[PM]?\d{4})?(?:FT)?/?[UDN]?"
_DAY_HOUR = r"(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-4])"
_CLOCK = r"(?:[01]\d|2[0-3])[0-5]\d"


class Group(Enum):
    """What a group tells: what resembles it, what form it must have, and an example.

    The first that a text resembles is what it was meant to be.
    """

    CHANGE = (r"BECMG|TEMPO|PROB", r"BECMG|TEMPO|PROB(?:30|40)", "TEMPO or PROB30")
    PERIOD = (r"\d{3,5}/\d{3,5}$", rf"{_DAY_HOUR}/{_DAY_HOUR}", "0406/0412, days and hours UTC")
    FROM = (r"FM\d{5,}", rf"FM(?:0[1-9]|[12]\d|3[01]){_CLOCK}", "FM040630, day and time UTC")
    TREND_TIME = (r"(?:FM|TL|AT)\d", rf"(?:FM|TL|AT){_CLOCK}|TL2400", "FM0630, time UTC")
    SHEAR = (
        r"WS|ALL|RWY",
        r"WS(?:\d{3}/\d{5,6}(?:G\d\d)?(?:KT|MPS))?|ALL|RWY(?:\d\d[LCR]?)?",
        "WS RWY07L",
    )
    WIND = (
        r".*(?:KT|MPS|KMH)$",
        r"(?:\d{3}|VRB|///)(?:P?\d{2,3}|//)(?:GP?\d{2,3})?(?:KT|MPS|KMH)",
        "09012KT",
    )
    WIND_TURN = (r"\d+V\d", r"\d{3}V\d{3}", "060V120")
    CLOUD = (
        r"FEW|SCT|BKN|OVC|VV|NSC|NCD|SKC|CLR|///\d|/{6}",
        r"(?:FEW|SCT|BKN|OVC|///)(?:\d{3}|///)(?:CB|TCU|///)?|VV(?:\d{3}|///)|NSC|NCD|SKC|CLR",
        "FEW012, in hundreds of feet",
    )
    RUNWAY = (
        r"R\d|R/|SNOCLO",
        rf"R\d\d[LCR]?(?:/{_RANGE}|/////|/[\d/]{{6}}|/CLRD//)?|R/SNOCLO|SNOCLO",
        "R07L/1200U",
    )
    VISIBILITY = (
        r"[PM]?[\d ]|CAVOK|////",
        r"\d{4}(?:NDV|[NS][EW]?|[EW])?|[PM]?(?:\d\d?|\d/[248]|\d \d/[248])SM|////|CAVOK",
        "4900, in metres, 3SM or CAVOK",
    )
    PRESSURE = (r"[QA]\d|[QA]//", r"[QA](?:\d{4}|////)", "Q1008")
    EXTREME = (r"T[XN]", rf"T[XN]M?\d\d/{_DAY_HOUR}Z", "TX30/0406Z")
    SEA = (r"W[\dM/]", r"W(?:M?\d\d|//)/(?:S[\d/]|H[\d/]{1,3})", "W19/S4")
    WORD = (r"AUTO|COR|NOSIG|NSW|NIL|CNL|\$", r"AUTO|COR|NOSIG|NSW|NIL|CNL|\$", "NOSIG")
    WEATHER = (
        rf"[-+]|RE|VC|(?:MI|BC|PR|DR|BL|SH|TS|FZ)|{_PHENOMENA}|//$",
        rf"(?:[-+]|VC|RE)?(?=.)(?:MI|BC|PR|DR|BL|SH|TS|FZ)?(?:{_PHENOMENA}){{0,3}}|//",
        "-RA or +TSRA",
    )

    def __init__(self, resembling: str, form: str, example: str) -> None:
        self.resembling, self.form = re.compile(resembling), re.compile(form)
        self.example = example

    @property
    def title(self) -> str:
        """Name to refuse it by."""
        return self.name.lower().replace("_", " ")

    @classmethod
    def meant_by(cls, text: str) -> Group | None:
        """Return what a text was meant to be, whether or not it has the form."""
        return next((group for group in cls if group.resembling.match(text)), None)


# A temperature, such as 28/24 or M02/M05, resembles a visibility: both begin with digits or an M.
_TEMPERATURE = re.compile(r"(?:M?\d\d|//)/(?:M?\d\d|//)?")


class Named(NamedTuple):
    """A group of a report with what it tells; ``None`` for a temperature, which nothing asks."""

    text: str
    group: Group | None


def split(text: str) -> list[str]:
    """Return the groups of a report up to its remarks, miles and their fraction as one."""
    body, _, _ = f" {text} ".partition(" RMK ")
    return re.sub(r"(?<= )(\d) (\d/\dSM)(?= )", r"\1_\2", body).replace("=", " ").split()


def name(groups: Sequence[str], *, problems: list[Problem]) -> Iterator[Named]:
    """Say what each group tells, and note those that have no form of a group.

    Parameters
    ----------
    groups
        As :func:`split` gives them, the head left out.
    problems
        Where faults are noted.

    Yields
    ------
    Named
        Each group of good form.
    """
    for written in groups:
        text = written.replace("_", " ")
        if _TEMPERATURE.fullmatch(text):
            yield Named(text, None)
            continue
        group = Group.meant_by(text)
        if group is not None and group.form.fullmatch(text):
            yield Named(text, group)
        elif group is not None:
            expected = f"expected a {group.title} group such as {group.example}"
            problems.append(Problem("report", f'"{text[:40]}"', expected))
        else:
            expected = "expected a group of a METAR or TAF: remove it, or write it after RMK"
            problems.append(Problem("report", f'"{text[:40]}"', expected))
