"""Wrong law is refused when it is loaded, with the place and what would be right."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import pytest

from lowalt.errors import (
    CircularWaiverError,
    InvalidInputError,
    LowaltError,
    NotInForceError,
    RegulationError,
    RegulationFileError,
    UnknownNameError,
)
from lowalt.regulations import rulebook, sources
from lowalt.regulations.authoring import (
    Definition,
    F,
    Norm,
    Reading,
    definition,
    must,
    reading,
    unclear,
    when,
)
from lowalt.regulations.conditions import Condition
from lowalt.regulations.loader import read_instrument
from lowalt.regulations.model import Effect, Parameters, Quantity
from lowalt.regulations.rulebook import load_rulebook

BAD = sorted((Path(__file__).parent / "regulations_bad").glob("*.yaml"))
DAY = date(2024, 6, 1)

GOOD = """\
instrument: cn/made_up
title: {zh: 示例, en: Example}
short_title: {zh: 示例, en: Example}
issuer: {zh: 某局, en: Some office}
adopted: 2024-01-01
in_force: {from: 2024-01-01}
time_zone: Asia/Shanghai
source: made up for a test
provisions:
  art_1:
    label: {zh: 第一条, en: art. 1}
    summary: {zh: 摘要。, en: Summary.}
    verification: verified
    parameters:
      limit:
        unit: m
        values:
          - {from: 2024-01-01, to: 2025-01-01, value: 120}
          - {from: 2025-01-01, value: 100.5}
"""
SECOND = """\
  art_2:
    label: {zh: 第二条, en: art. 2}
    summary: {zh: 摘要。, en: Summary.}
    verification: verified
"""
UNREAD = "    unread: {zh: 无人要求, en: nobody asked}\n"


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_wrong_file_is_refused_with_its_message(path: Path) -> None:
    expected = path.read_text("utf-8").splitlines()[0].removeprefix("# refused: ")
    with pytest.raises(RegulationFileError) as refusal:
        read_instrument(path)
    assert expected in str(refusal.value)
    assert str(refusal.value).startswith(f"{path.name}: ")


def test_there_are_wrong_files() -> None:
    assert len(BAD) >= 30


def test_the_file_that_the_wrong_ones_spoil_is_read(tmp_path: Path) -> None:
    path = tmp_path / "made_up.yaml"
    path.write_text(GOOD, "utf-8")
    limit = read_instrument(path).provision("art_1").parameters["limit"]
    assert limit.on(date(2024, 12, 31)) == Quantity(Fraction(120), "m")
    assert limit.on(date(2025, 1, 1)) == Quantity(Fraction(201, 2), "m")
    with pytest.raises(NotInForceError, match=r"limit has no value on 2023-12-31; .*2024-01-01"):
        limit.on(date(2023, 12, 31))


def test_decimals_keep_their_digits(tmp_path: Path) -> None:
    path = tmp_path / "made_up.yaml"
    path.write_text(GOOD.replace("100.5", "0.1"), "utf-8")
    value = read_instrument(path).provision("art_1").parameters["limit"].on(date(2026, 1, 1))
    assert value == Quantity(Fraction(1, 10), "m")


def test_chinese_that_yaml_folds_has_no_space_where_the_lines_meet(tmp_path: Path) -> None:
    folded = (
        "summary:\n      zh: >-\n        空机重量，\n        电池\n        是否计入见GB\n"
        "        46761，\n        “未定”\n"
        "      en: >-\n        Empty mass,\n        with a battery."
    )
    path = tmp_path / "made_up.yaml"
    path.write_text(GOOD.replace("summary: {zh: 摘要。, en: Summary.}", folded), "utf-8")
    summary = read_instrument(path).provision("art_1").summary
    assert summary["zh"] == "空机重量，电池是否计入见GB 46761，“未定”"
    assert summary["en"] == "Empty mass, with a battery."


Load = Callable[..., rulebook.Rulebook]


@pytest.fixture(name="load")
def load_made_up_law(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Load]:
    """Load a rulebook of one made-up instrument and its readings."""

    def load(text: str, *marks: Reading | Definition, on: date = DAY) -> rulebook.Rulebook:
        (tmp_path / "cn").mkdir()
        (tmp_path / "made_up_book.yaml").write_text("instruments: [cn/made_up]", "utf-8")
        (tmp_path / "cn/made_up.yaml").write_text(text, "utf-8")
        (tmp_path / "cn/made_up.py").write_text("", "utf-8")
        module = ModuleType("lowalt.regulations.cn.made_up")
        for i, mark in enumerate(marks):
            setattr(module, f"mark_{i}", mark)
        monkeypatch.setitem(sys.modules, module.__name__, module)
        monkeypatch.setattr(sources, "files", lambda _: tmp_path)
        forget()
        return load_rulebook("made_up_book", on=on, engine="reference")

    yield load
    forget()


def forget() -> None:
    sources.held_sources.cache_clear()
    rulebook._load.cache_clear()


def mark(key: str, **how: object) -> Reading:
    effect = how.pop("effect", Effect.PROHIBITS)
    return reading(key, effect=effect, **how)(lambda _: must(F.is_indoor))  # type: ignore[arg-type] # free keywords


def test_made_up_law_loads(load: Load) -> None:
    book = load(GOOD, mark("art_1"))
    assert [rule.citation for rule in book.rules] == ["cn/made_up#art_1"]


def test_a_provision_without_reading_is_refused(load: Load) -> None:
    with pytest.raises(RegulationFileError, match=r"provisions\.art_2: it has neither a reading"):
        load(GOOD + SECOND, mark("art_1"))


def test_a_provision_may_say_why_it_has_no_reading(load: Load) -> None:
    book = load(GOOD + SECOND + UNREAD, mark("art_1"))
    assert book.provision("cn/made_up#art_2").unread == {"zh": "无人要求", "en": "nobody asked"}
    assert book.provision("cn/made_up#art_1").unread == {"zh": "", "en": ""}


def test_a_provision_both_read_and_unread_is_refused(load: Load) -> None:
    with pytest.raises(RegulationFileError, match=r"it has a reading and a reason why not"):
        load(GOOD + SECOND + UNREAD, mark("art_1"), mark("art_2"))


def test_a_reading_of_no_provision_is_refused(load: Load) -> None:
    with pytest.raises(UnknownNameError, match=r"no provision 'art_7'; it has art_1"):
        load(GOOD, mark("art_1"), mark("art_7"))


def test_two_readings_of_one_provision_are_refused(load: Load) -> None:
    with pytest.raises(RegulationError, match="two readings; split its key"):
        load(GOOD, mark("art_1"), mark("art_1"))


def test_a_waiver_of_nothing_is_refused(load: Load) -> None:
    with pytest.raises(RegulationError, match=r"art_1 waives cn/made_up#art_9, which has no"):
        load(GOOD, mark("art_1", waives=("art_9",)))


def test_a_need_that_nothing_derives_is_refused(load: Load) -> None:
    with pytest.raises(RegulationError, match="needs manna, derived by no reading"):
        load(GOOD, mark("art_1", needs=("manna",)))


def test_waivers_in_a_circle_are_refused(load: Load) -> None:
    with pytest.raises(CircularWaiverError, match="bar one another in a circle"):
        load(
            GOOD + SECOND,
            mark("art_1", waives=("art_2",)),
            mark("art_2", waives=("art_1",)),
        )


def test_an_effect_without_a_must_is_refused(load: Load) -> None:
    @reading("art_1", effect=Effect.PROHIBITS)
    def half(_: Parameters) -> Norm:
        return when(F.is_indoor)

    with pytest.raises(RegulationError, match="has an effect but no 'must'"):
        load(GOOD, half)


def test_two_definitions_of_one_term_are_refused(load: Load) -> None:
    def write(_: Parameters) -> Condition:
        return unclear(zh="未明", en="not settled")

    twice = [definition(key, term="is_micro")(write) for key in ("art_1", "art_2")]
    with pytest.raises(RegulationError, match="which another provision in force defines too"):
        load(GOOD + SECOND, *twice)


def test_a_file_that_names_another_instrument_is_refused(load: Load) -> None:
    with pytest.raises(RegulationFileError, match="given 'cn/other', expected 'cn/made_up'"):
        load(GOOD.replace("instrument: cn/made_up", "instrument: cn/other"), mark("art_1"))


def test_a_parameter_that_does_not_exist_is_refused(load: Load) -> None:
    @reading("art_1", effect=Effect.PROHIBITS)
    def typo(p: Parameters) -> Norm:
        return must(F.max_true_height_mm <= p.art_1.limt)

    with pytest.raises(UnknownNameError, match="no parameter 'limt'; it has limit"):
        load(GOOD, typo)


def test_a_unit_that_does_not_fit_the_fact_is_refused(load: Load) -> None:
    @reading("art_1", effect=Effect.PROHIBITS)
    def mass_in_metres(p: Parameters) -> Norm:
        return must(F.empty_mass_g <= p.art_1.limit)

    with pytest.raises(InvalidInputError, match="unit 'm' does not fit a fact counted in g"):
        load(GOOD, mass_in_metres)


LIMITED = {"max_true_height_mm": "AGL", "max_altitude_mm": "AMSL", "visibility_mm": None}


@pytest.mark.parametrize("name", LIMITED)
@pytest.mark.parametrize("reference", ["AGL", "AMSL", None])
def test_a_height_is_compared_with_a_limit_of_its_own_reference_alone(
    load: Load, name: str, reference: str | None
) -> None:
    @reading("art_1", effect=Effect.PROHIBITS)
    def limited(p: Parameters) -> Norm:
        return must(getattr(F, name) <= p.art_1.limit)

    text = GOOD
    if reference is not None:
        text = GOOD.replace("unit: m\n", f"unit: m\n        reference: {reference}\n")
    if reference == LIMITED[name]:
        (rule,) = load(text, limited).rules
        assert rule.citation == "cn/made_up#art_1"
        return
    with pytest.raises(RegulationError, match=r"art_1\.limit .* and fact .* is counted from") as no:
        load(text, limited)
    said = str(no.value)
    assert f"counted from {reference}" in said if reference else "has no reference" in said
    assert f"'reference: {LIMITED[name]}'" in said if LIMITED[name] else "leave its" in said


def test_a_limit_above_the_sea_is_sent_to_the_fact_that_is_counted_so(load: Load) -> None:
    @reading("art_1", effect=Effect.PROHIBITS)
    def mistaken(p: Parameters) -> Norm:
        return must(F.max_true_height_mm <= p.art_1.limit)

    text = GOOD.replace("unit: m\n", "unit: m\n        reference: AMSL\n")
    with pytest.raises(
        RegulationError, match=r"or compare it with highest_altitude_mm or max_altitude_mm$"
    ):
        load(text, mistaken)


def test_a_quantity_compared_with_a_day_is_refused(load: Load) -> None:
    @reading("art_1", effect=Effect.PROHIBITS)
    def day_in_metres(p: Parameters) -> Norm:
        return must(F.departure_on <= p.art_1.limit)

    with pytest.raises(RegulationError, match="does not fit fact departure_on"):
        load(GOOD, day_in_metres)


def test_a_deadline_that_is_no_time_is_refused(load: Load) -> None:
    with pytest.raises(RegulationError, match=r"art_1\.limit is not a time"):
        load(GOOD, mark("art_1", deadline="limit"))


def test_a_provision_known_only_from_memory_advises(load: Load) -> None:
    (rule,) = load(GOOD.replace("verified", "memory"), mark("art_1")).rules
    assert rule.effect is Effect.ADVISES


def test_an_unknown_fact_is_refused_with_near_ones() -> None:
    with pytest.raises(UnknownNameError, match=r"no fact is called 'is_indors'; near ones: .*"):
        _ = F.is_indors


@pytest.mark.parametrize("on", ["2026-06-09", datetime(2026, 6, 9, tzinfo=UTC), None, 20260609])
def test_law_of_what_is_no_day_is_refused(on: object) -> None:
    with pytest.raises(InvalidInputError, match=r"^on: given .*expected a day such as datetime\."):
        load_rulebook("shenzhen", on=on)  # type: ignore[arg-type] # a wrong one


def test_an_unknown_rulebook_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownNameError, match="there are shenzhen"):
        load_rulebook("atlantis", on=DAY)


@pytest.mark.parametrize(
    "build",
    [
        lambda: F.is_indoor and F.is_micro,
        lambda: ~F.is_indoor or F.is_micro,
        lambda: F.mission_kind & F.is_indoor,
        F.mission_kind.in_,
        lambda: definition("art_1", term="is_indoor"),
        lambda: F.max_true_height_mm <= 120_000,  # type: ignore[operator] # a wrong one
        lambda: F.is_indoor == F.is_micro,
    ],
    ids=[
        "fact as truth",
        "condition as truth",
        "word as truth",
        "no words",
        "fact as term",
        "number in a reading",
        "facts made equal",
    ],
)
def test_a_reading_that_means_nothing_is_refused(build: Callable[[], object]) -> None:
    with pytest.raises(LowaltError):
        build()
