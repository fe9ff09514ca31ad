"""``lowalt rules``: what the rulebook holds on a day, and how one provision is read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

import typer

from lowalt.cli.options import Format, Lang, fail, terminal

if TYPE_CHECKING:
    from lowalt.regulations.cases import LawCase
    from lowalt.regulations.contents import Entry
    from lowalt.regulations.rulebook import Rulebook

Word = TypeVar("Word", bound=Enum)
Test = Callable[["Entry"], bool]

_ROW = re.compile("[A-Z]{2}-")
"""How a catalogue row begins."""


def rules(
    citation: Annotated[
        str | None,
        typer.Argument(
            help="Show this provision in full: its citation, its name as findings print it, or a"
            " catalogue row."
        ),
    ] = None,
    on: Annotated[
        str | None,
        typer.Option(metavar="DAY", help="The law of this day, as 2026-06-11; by default today."),
    ] = None,
    every: Annotated[
        bool,
        typer.Option("--all/--in-force", help="Also what is not in force on the day."),
    ] = False,
    instrument: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only this one, such as order_761_2023.")
    ] = None,
    jurisdiction: Annotated[
        str | None, typer.Option(metavar="CN|HK|MO", help="Only what is law there.")
    ] = None,
    effect: Annotated[
        str | None,
        typer.Option(metavar="EFFECT", help="Only what has this effect, such as prohibits."),
    ] = None,
    verification: Annotated[
        str | None,
        typer.Option(metavar="WORD", help="Only what is verified, partly or memory."),
    ] = None,
    catalogue: Annotated[
        str | None, typer.Option(metavar="ROW", help="Only what answers this catalogue row.")
    ] = None,
    search: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Only what has this text, in zh or en.")
    ] = None,
    own_rules: Annotated[
        list[Path] | None,
        typer.Option("--rules", metavar="DIR|FILE", help="Rules of your own, added to the law."),
    ] = None,
    lang: Annotated[Lang, typer.Option(help="Language of the list.")] = Lang.EN,
    form: Annotated[Format, typer.Option("--format", help="text, or one JSON object.")] = (
        Format.TEXT
    ),
) -> None:
    """List the provisions of the rulebook, or show one of them with how it is read.

    With a provision the options that narrow the list do nothing; --on says with which numbers its
    reading is shown.
    """
    from lowalt.regulations.contents import contents

    day = _day(on)
    book = _open(day, own_rules or [])
    held = contents(book)
    if citation is not None:
        _show(book, _named(held, citation, on=day), row=citation.upper(), lang=lang, form=form)
        return
    tests = [
        _in_instrument(held, instrument),
        _in_jurisdiction(jurisdiction),
        _with_effect(effect),
        _with_verification(verification),
        _answering(catalogue),
        _saying(search),
    ]
    fitting = [entry for entry in held if all(test(entry) for test in tests)]
    found = [entry for entry in fitting if every or day in entry.provision.in_force]
    _list(book, found, held=len(held), every=every, lang=lang, form=form)
    if not found and form is Format.TEXT:
        hint = _AT_OTHER_TIMES[lang].format(len(fitting)) if fitting else _NOTHING[lang]
        typer.echo(hint)


def _day(text: str | None) -> date:
    if text is None:
        return datetime.now(ZoneInfo("Asia/Shanghai")).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail(f"--on: given {text!r}, expected a day such as 2026-06-11")


def _open(day: date, own_rules: list[Path]) -> Rulebook:
    from lowalt.errors import LowaltError
    from lowalt.regulations.rulebook import load_rulebook

    try:
        return load_rulebook(on=day, own_rules=own_rules)
    except (LowaltError, OSError) as error:
        fail(f"--rules: {error}" if own_rules else str(error))


# What narrows the list


def _always(_: Entry) -> bool:
    return True


def _in_instrument(held: Iterable[Entry], text: str | None) -> Test:
    if text is None:
        return _always
    known = list(dict.fromkeys(entry.instrument.identifier for entry in held))
    named = [name for name in known if name == text or name.endswith("/" + text)]
    if not named:
        fail(f"--instrument: given {text!r}, expected one of {', '.join(known)}")
    return lambda entry: entry.instrument.identifier in named


def _in_jurisdiction(text: str | None) -> Test:
    if text is None:
        return _always
    from lowalt.regulations.rulebook import jurisdiction_of
    from lowalt.terms import Jurisdiction

    home = _word(text.upper(), Jurisdiction, "--jurisdiction")
    # What is nobody's law, such as a standard, holds everywhere.
    return lambda entry: jurisdiction_of(entry.instrument) in (home, None)


def _with_effect(text: str | None) -> Test:
    if text is None:
        return _always
    from lowalt.regulations.model import Effect

    wanted = _word(text, Effect, "--effect")
    return lambda entry: entry.effect is wanted


def _with_verification(text: str | None) -> Test:
    if text is None:
        return _always
    from lowalt.regulations.model import Verification

    wanted = _word(text, Verification, "--verification")
    return lambda entry: entry.provision.verification is wanted


def _answering(text: str | None) -> Test:
    if text is None:
        return _always
    from lowalt.regulations.catalogue import catalogue
    from lowalt.regulations.lookup import near

    row = text.upper()
    if row not in catalogue():
        fail(f"--catalogue: the catalogue has no row {text!r}.{near(row, list(catalogue()))}")
    return lambda entry: row in entry.provision.catalogue


def _saying(text: str | None) -> Test:
    if text is None:
        return _always
    wanted = text.casefold()
    return lambda entry: any(wanted in said.casefold() for said in _said(entry))


def _said(entry: Entry) -> Iterator[str]:
    provision, instrument = entry.provision, entry.instrument
    yield entry.citation
    for texts in (
        provision.label,
        provision.summary,
        provision.action,
        provision.addressee,
        provision.note,
        provision.unread,
        instrument.title,
        instrument.short_title,
        instrument.issuer,
    ):
        yield from texts.values()


def _word(text: str, words: type[Word], option: str) -> Word:
    try:
        return words(text)
    except ValueError:
        known = [str(word.value) for word in words]
        fail(f"{option}: given {text!r}, expected one of {', '.join(known)}")


# Finding one


def _named(held: tuple[Entry, ...], text: str, *, on: date) -> list[Entry]:
    """Find the provision of a name, or those that answer a row of the catalogue."""
    from lowalt.errors import UnknownNameError
    from lowalt.regulations.catalogue import catalogue
    from lowalt.regulations.lookup import look_up, near

    row = text.upper()
    if row in catalogue():
        answering = [entry for entry in held if row in entry.provision.catalogue]
        return answering or fail(f"{row}: no provision of the rulebook answers this row")
    try:
        return list(look_up(held, text, on=on))
    except UnknownNameError as error:
        meant = near(row, list(catalogue())) if _ROW.match(row) else ""
        fail(f"{error}{meant} List all of them with lowalt rules --all.")


# What is printed


def _show(book: Rulebook, found: list[Entry], *, row: str, lang: Lang, form: Format) -> None:
    from lowalt.regulations.catalogue import catalogue
    from lowalt.report.law import describe, row_text
    from lowalt.report.law_json import in_full
    from lowalt.report.lines import wrap

    if form is Format.JSON:
        _echo(book, [in_full(entry, cases=_cases(entry), on=book.on) for entry in found])
        return
    console, width = terminal()
    if row in catalogue():
        for line in wrap(row_text(catalogue()[row], lang=lang.value), width=width):
            console.print(line, markup=False, style="bold")
        console.print(markup=False)
    for number, entry in enumerate(found):
        if number:
            console.print("-" * width, markup=False)
        text = describe(entry, cases=_cases(entry), on=book.on, lang=lang.value, width=width)
        head, _, rest = text.partition("\n")
        console.print(head, markup=False, style="bold")
        console.print(rest, markup=False)


def _cases(entry: Entry) -> list[LawCase]:
    from lowalt.regulations.cases import cases_of

    asked = {entry.citation, *(definition.term for definition in entry.definitions)}
    return [case for case in cases_of(entry.instrument.identifier) if case.asked in asked]


def _list(
    book: Rulebook, found: list[Entry], *, held: int, every: bool, lang: Lang, form: Format
) -> None:
    from lowalt.report.law import listed
    from lowalt.report.law_json import summary

    if form is Format.JSON:
        _echo(book, [summary(entry) for entry in found])
        return
    console, width = terminal()
    for entry in found:
        head, *details = listed(entry, lang=lang.value, width=width)
        console.print(head, markup=False, style="bold")
        for line in details:
            console.print(line, markup=False)
    console.print()
    days = _EVERY_DAY[lang] if every else _ON_DAY[lang].format(book.on.isoformat())
    console.print(_COUNT[lang].format(len(found), held, days), markup=False)


def _echo(book: Rulebook, provisions: list[dict[str, Any]]) -> None:
    document = {"rulebook": book.name, "on": book.on.isoformat(), "provisions": provisions}
    typer.echo(json.dumps(document, ensure_ascii=False))


_COUNT = {Lang.EN: "{} of {} provisions, {}.", Lang.ZH: "共 {1} 条，列出 {0} 条，{2}。"}
_ON_DAY = {Lang.EN: "in force on {}", Lang.ZH: "为 {} 施行中的"}
_NOTHING = {
    Lang.EN: "Nothing fits. --search looks for the text as it stands: try one word, or the other"
    " language, or fewer options.",
    Lang.ZH: "没有符合的条文。--search 按原样查找文字：可只用一个词，换用英文，或减少筛选条件。",
}
_AT_OTHER_TIMES = {
    Lang.EN: "Nothing in force on that day fits; {} not in force then would: add --all.",
    Lang.ZH: "当日施行中的条文无一符合；未施行的有{}条符合：加上 --all 可列出。",
}
_EVERY_DAY = {Lang.EN: "in force or not", Lang.ZH: "含未施行的"}
