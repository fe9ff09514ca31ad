"""The catalogue of rules: its rows, and the refusal of files that break its form."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from lowalt.errors import RegulationFileError
from lowalt.regulations.catalogue import Confidence, Outcome, catalogue, read_catalogue

GOOD = """\
rows:
  CN-APP-01:
    verdict: [approval]
    confidence: high
    checks: {zh: 甲, en: a}
    doubtful: {zh: 乙, en: b}
"""


def test_the_catalogue_has_the_rows_it_was_filed_with() -> None:
    groups = Counter(name.rpartition("-")[0] for name in catalogue())
    assert groups == {
        "CN-CLS": 4, "CN-REG": 6, "CN-AW": 4, "CN-OC": 4, "CN-INS": 1, "CN-PIL": 9, "CN-AIR": 12,
        "CN-APP": 13, "CN-RID": 4, "CN-FEN": 1, "CN-OPS": 24, "GA-PLN": 8, "GA-TSK": 4,
        "GA-OPS": 9, "XB-PRT": 2, "XB-RPT": 2, "XB-OPS": 3, "XB-BIO": 1, "XB-UAV": 2, "XB-FOR": 1,
        "HK-UAV": 11, "HK-AIR": 1, "HK-HEL": 4, "MO-UAV": 4, "CF": 7,
    }  # fmt: skip
    assert len(catalogue()) == 141


def test_the_rows_of_a_group_are_numbered_from_one_without_a_gap() -> None:
    seen: Counter[str] = Counter()
    for name in catalogue():
        group, _, number = name.rpartition("-")
        seen[group] += 1
        assert int(number) == seen[group], name


def test_how_sure_the_law_behind_the_rows_is() -> None:
    low = [row.identifier for row in catalogue().values() if row.confidence is Confidence.LOW]
    assert low == ["GA-TSK-03", "GA-OPS-04"]
    assert catalogue()["CN-AIR-07"].confidence is Confidence.MEDIUM
    assert catalogue()["CN-AIR-07"].doubtful["en"] == "whether the measures are in force today"


def test_a_row_with_several_outcomes_has_them_all() -> None:
    several = {r.identifier: r.outcomes for r in catalogue().values() if len(r.outcomes) > 1}
    assert several == {
        "CN-AIR-04": (Outcome.APPROVAL, Outcome.PROHIBIT),
        "CN-APP-05": (Outcome.FILING, Outcome.CONFIRMATION),
        "CN-OPS-05": (Outcome.PROHIBIT, Outcome.APPROVAL),
        "CN-OPS-13": (Outcome.APPROVAL, Outcome.PROHIBIT),
    }
    exempt = [r.identifier for r in catalogue().values() if Outcome.EXEMPT in r.outcomes]
    assert exempt == ["CN-CLS-04", "CN-APP-02", "CN-RID-03", "GA-PLN-08", "HK-UAV-11"]


def test_a_row_is_one_sentence_in_both_languages() -> None:
    for row in catalogue().values():
        assert row.checks["zh"].endswith("。"), row.identifier
        assert row.checks["en"].endswith("."), row.identifier
        assert len(row.checks["en"]) <= 130, row.identifier


def test_a_good_file_is_read(tmp_path: Path) -> None:
    (row,) = read_catalogue(written(tmp_path, GOOD)).values()
    assert row.outcomes == (Outcome.APPROVAL,)
    assert row.doubtful == {"zh": "乙", "en": "b"}


@pytest.mark.parametrize(
    ("old", "new", "where", "said"),
    [
        ("rows:", "row:", "the file", "expected one key, 'rows'"),
        ("    confidence: high\n", "", "CN-APP-01", "expected checks, confidence, verdict"),
        ("doubtful", "doubt", "CN-APP-01", "given the keys checks, confidence, doubt, verdict"),
        ("[approval]", "[permission]", "CN-APP-01.verdict", "expected one of prohibit, approval"),
        ("[approval]", "approval", "CN-APP-01.verdict", "expected a list"),
        ("[approval]", "[]", "CN-APP-01.verdict", "expected a list"),
        ("high", "H", "CN-APP-01.confidence", "expected one of high, medium, low"),
        ("{zh: 甲, en: a}", "{en: a}", "CN-APP-01.checks", "expected texts zh and en"),
        ("{zh: 甲, en: a}", "{zh: 甲, en: ''}", "CN-APP-01.checks", "expected texts zh and en"),
        ("{zh: 甲, en: a}", "{zh: 甲, en: 1}", "CN-APP-01.checks", "expected texts zh and en"),
        ("    confidence", "    confidence: low\n    confidence", "line 5", "stands twice"),
    ],
)
def test_a_bad_file_is_refused_with_the_place(
    tmp_path: Path, old: str, new: str, where: str, said: str
) -> None:
    assert old in GOOD
    with pytest.raises(RegulationFileError) as refused:
        read_catalogue(written(tmp_path, GOOD.replace(old, new)))
    assert refused.value.where.startswith(where)
    assert said in str(refused.value)


def written(folder: Path, text: str) -> Path:
    file = folder / "catalogue.yaml"
    file.write_text(text, "utf-8")
    return file
