"""Documents from outside: read within bounds, or refused with the reason."""

from __future__ import annotations

import json
import math
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowalt.documents import (
    LARGEST_BYTES,
    MOST_VALUES,
    parse_json,
    parse_xml,
    read_document,
    require_size,
)
from lowalt.errors import InvalidInputError, LowaltError

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(json_values, st.booleans())
def test_what_json_can_say_is_read_as_it_says(value: Any, escaped: bool) -> None:
    text = json.dumps(value, ensure_ascii=escaped)
    assert parse_json(text.encode("utf-8-sig"), name="x") == value


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b"1e308", 1e308),
        (b"1e-999", 0.0),
        (b"[1E2, 2e+000003]", [100.0, 2000.0]),
        (b"0.1000000000000000055511151231257827", 0.1),
        (b"12345678901234567890", 12345678901234567890),
        (b'"\\ud83d\\ude81"', "🚁"),
        ('\ufeff {"区": 1}\n'.encode(), {"区": 1}),
    ],
)
def test_numbers_and_texts_at_the_edge_are_read(content: bytes, value: Any) -> None:
    assert parse_json(content, name="x") == value


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not a JSON document"),
        (b" \n", "not a JSON document"),
        (b"{", "not a JSON document"),
        (b"[1,]", "not a JSON document"),
        (b'{"a": NaN}', "NaN is no number in JSON; leave unknown members out"),
        (b"[-Infinity]", "-Infinity is no number"),
        (b"[1e999]", "1e999 is larger than any number"),
        (b"[-1E+400]", "larger than any number"),
        (b"[" + b"9" * 310 + b".0]", "larger than any number"),
        (b"[" + b"9" * 5000 + b"]", "an integer of 5000 characters: at most 20"),
        (b'{"a": 1, "b": {}, "a": 2}', "the key 'a' stands twice in one object"),
        (b'["\\ud800"]', "not UTF-8 text: surrogates"),
        (b'{"\\udfff": 1}', "not UTF-8 text: surrogates"),
        (b'["\xed\xa0\x80"]', "not UTF-8 text"),
        ('["é"]'.encode("latin-1"), "not UTF-8 text"),
        ("[1]".encode("utf-16"), "not UTF-8 text"),
        (b"\x00\x00[", "not a JSON document"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_json_is_refused_by_the_name_of_the_file(content: bytes, message: str) -> None:
    with pytest.raises(InvalidInputError, match=rf"^zones\.json: .*{message}"):
        parse_json(content, name="zones.json")


@pytest.mark.parametrize("element", [b"[]", b"{}", b"0", b'""'])
def test_a_small_file_of_very_many_values_is_refused_before_it_is_parsed(element: bytes) -> None:
    content = b"[" + b",".join([element] * (MOST_VALUES + 1)) + b"]"
    began = time.perf_counter()
    with pytest.raises(InvalidInputError, match=f"^x: more than {MOST_VALUES} values; split"):
        parse_json(content, name="x")
    assert time.perf_counter() - began < 2.0


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for parse in (parse_json, parse_xml):
        with suppress(LowaltError):
            parse(content, name="x")


# Files


def test_a_file_of_the_largest_size_is_read_and_a_larger_one_is_not(tmp_path: Path) -> None:
    path = tmp_path / "zones.json"
    path.write_bytes(b"x" * 100)
    assert read_document(path, largest_bytes=100) == b"x" * 100
    with pytest.raises(InvalidInputError, match=r"^zones\.json: more than 99 bytes; split"):
        read_document(path, largest_bytes=99)


def test_a_file_without_end_is_not_read_to_its_end() -> None:
    endless = Path("/dev/zero")
    if not endless.exists():
        pytest.skip("there is none on this system")
    with pytest.raises(InvalidInputError, match=f"^zero: more than {LARGEST_BYTES} bytes"):
        read_document(endless)


def test_a_missing_file_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_document(tmp_path / "none.json")


def test_content_of_any_origin_is_measured_the_same() -> None:
    require_size(b"abc", name="x", largest_bytes=3)
    with pytest.raises(InvalidInputError, match=r"^x: more than 2 bytes"):
        require_size(b"abc", name="x", largest_bytes=2)


# XML


def test_xml_is_read() -> None:
    root = parse_xml("<?xml version='1.0'?><a b='1'><c>区</c></a>".encode(), name="x")
    assert (root.tag, root.get("b"), root.findtext("c")) == ("a", "1", "区")


BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<x>&b;</x>"""
OUTSIDE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'


@pytest.mark.parametrize("content", [BOMB, OUTSIDE, b'<!DOCTYPE x SYSTEM "http://x/x.dtd"><x/>'])
def test_xml_that_declares_anything_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidInputError, match=r"^x: refused: it declares a document type"):
        parse_xml(content, name="x")


@pytest.mark.parametrize(
    "content", [b"", b"<a>", b"<a></b>", b"<a b=1/>", b"<a>&e;</a>", b"\x00", b"<a>\xff</a>"]
)
def test_what_is_no_xml_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidInputError, match=r"^x: not an XML document"):
        parse_xml(content, name="x")


@pytest.mark.parametrize("inner", [b"<b/>", b" a=''"])
def test_a_small_file_of_very_many_elements_is_refused_before_it_is_parsed(inner: bytes) -> None:
    with pytest.raises(InvalidInputError, match=f"^x: more than {MOST_VALUES} values"):
        parse_xml(b"<a>" + inner * (MOST_VALUES + 1), name="x")


def test_xml_nested_deeply_is_read_or_refused_without_a_crash() -> None:
    root = parse_xml(b"<a>" * 50_000 + b"</a>" * 50_000, name="x")
    assert math.isfinite(sum(1 for _ in root.iter()))
