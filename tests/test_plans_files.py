"""Files of plans: which format they have, reading several, writing whole or not at all."""

import io
import json
import zipfile
from pathlib import Path

import pytest

from lowalt.errors import InvalidInputError, UnknownNameError
from lowalt.flights import read_plan
from lowalt.formats.plans.exchange import Told
from lowalt.formats.plans.files import (
    PLAN_FORMATS,
    plan_format_of,
    read_plans,
    read_plans_bytes,
    write_plans,
    write_plans_bytes,
)

EXAMPLES = sorted((Path(__file__).parents[1] / "examples" / "plans").glob("*.json"))
PLANS = [read_plan(path) for path in EXAMPLES]


def archive(*names: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name in names:
            made.writestr(name, "")
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (b'{"fileType": "Plan"}', "a.plan", "qgroundcontrol"),
        (b'{"plan_id": "a", "datum": "WGS84"}', "a.json", "lowalt"),
        (b'\xef\xbb\xbf \n{"plan_id": "a"}', "a.json", "lowalt"),
        (b'[{"plan_id": "a"}]', "a.json", "lowalt"),
        (b'{"plans": []}', "a.json", "lowalt"),
        (b'{"waypoints": []}', "a.json", "lowalt"),
        (b'{"type": "FeatureCollection", "features": []}', "a.json", "geojson"),
        (b'{"type": "Feature"}', "a.json", "geojson"),
        (b'{"operational_intent": {}}', "a.json", "f3548"),
        (b'{"extents": []}', "a.json", "f3548"),
        (b'{"operational_intent_reference": {}}', "a.json", "f3548"),
        (b'{"operational_intent_references": []}', "a.json", "f3548"),
        (b'{"volumes": []}', "a.json", "f3548"),
        (b'{"reference": {}, "details": {}}', "a.json", "f3548"),
        (b'[{"volume": {}}]', "a.json", "f3548"),
        (b'{"format": "lowalt/uom-uss-application"}', "a.json", "uom"),
        (archive("wpmz/template.kml", "wpmz/waylines.wpml"), "a.kmz", "wpml"),
        (archive("wpmz/template.kml", "wpmz/res/image/1.jpg"), "a.kmz", "wpml"),
        (archive("doc.kml"), "a.kmz", "kml"),
        (b'<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"/>', "a.kml", "kml"),
        (b'<kml xmlns:wpml="http://www.dji.com/wpmz/1.0.2"/>', "a.xml", "wpml"),
        (b"<gpx/>", "a.gpx", "gpx"),
        (b"PAR1....", "a.bin", "parquet"),
        (b"QGC WPL 110\n", "a.txt", "waypoints"),
        (b"a;b", "a.csv", "csv"),
        (b'plan_id,"Lon",lat\n', "a.txt", "csv"),
    ],
)
def test_the_content_tells_the_format(content: bytes, name: str, expected: str) -> None:
    assert plan_format_of(content, name=name) == expected


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", b"[]", b"[3]", b"3", b'{"type": "Topology"}', b"<html/>", archive("a.txt")],
)
def test_what_is_no_file_of_plans_is_refused_with_the_formats_there_are(content: bytes) -> None:
    with pytest.raises(InvalidInputError, match=r"a\.txt: not a file of plans .*QGroundControl"):
        plan_format_of(content, name="a.txt")


def test_a_broken_archive_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="not an archive that can be read"):
        plan_format_of(b"PK\x03\x04 and no more", name="a.kmz")


@pytest.mark.parametrize("name", PLAN_FORMATS)
def test_every_format_has_the_door_that_it_says(name: str) -> None:
    known = PLAN_FORMATS[name]
    module = __import__(f"lowalt.formats.plans.{known.module}", fromlist=["read"])
    assert not known.reads or callable(module.read)
    assert not known.writes or callable(module.write)


@pytest.mark.parametrize("name", ["lowalt", "geojson"])
def test_all_plans_come_back_from_a_format_that_holds_everything(name: str, tmp_path: Path) -> None:
    path = tmp_path / "day.json"
    assert write_plans(PLANS, path, format=name) == ()
    reading = read_plans(path)
    assert list(reading.plans) == PLANS
    assert (reading.losses, reading.refused) == ((), ())


def test_the_ending_tells_the_format_to_write(tmp_path: Path) -> None:
    path = tmp_path / "one.geojson"
    write_plans(PLANS[:1], path)
    assert json.loads(path.read_bytes())["type"] == "FeatureCollection"
    with pytest.raises(InvalidInputError, match="its ending does not tell the format"):
        write_plans(PLANS[:1], tmp_path / "one.xyz")


def test_one_plan_is_written_for_people_and_reads_back() -> None:
    content = write_plans_bytes(PLANS[:1], format="lowalt").content
    lines = content.decode().splitlines()
    assert lines[:3] == ["{", f'  "plan_id": "{PLANS[0].plan_id}",', '  "datum": "WGS84",']
    assert lines[4] == '  "waypoints": ['
    assert read_plans_bytes(content).plans == (PLANS[0],)


def test_nothing_is_written_where_a_plan_cannot_be(tmp_path: Path) -> None:
    area = next(plan for plan in PLANS if plan.operating_area is not None)
    path = tmp_path / "day.csv"
    with pytest.raises(InvalidInputError, match=f"{area.plan_id}: an area has no waypoints"):
        write_plans([*PLANS[:1], area], path)
    assert list(tmp_path.iterdir()) == []


def test_of_several_plans_the_broken_ones_do_not_stop_the_rest() -> None:
    good, other = (json.loads(EXAMPLES[at].read_bytes()) for at in (0, 1))
    broken = {**good, "plan_id": "broken", "datum": "GCJ02"}
    content = json.dumps([good, broken, 3, other, good]).encode()
    reading = read_plans_bytes(content, name="day.json")
    assert [plan.plan_id for plan in reading.plans] == [good["plan_id"], other["plan_id"]]
    first, second, third = map(str, reading.refused)
    assert first.startswith("day.json: broken: no plan: 1 problem")
    assert second == "day.json: plans[2]: given 3, expected a plan"
    assert "a plan of this name stands before it" in third


def test_where_no_plan_is_left_the_file_is_refused() -> None:
    with pytest.raises(InvalidInputError, match=r"day\.json: a: no plan: 2 problems"):
        read_plans_bytes(b'{"plan_id": "a", "datum": "GCJ02"}', name="day.json")
    with pytest.raises(InvalidInputError, match="none of 2 plans can be read; the first: day"):
        read_plans_bytes(b"[3, 4]", name="day.json", format="lowalt")
    with pytest.raises(InvalidInputError, match="there is no plan in it"):
        read_plans_bytes(b'{"plans": []}', name="day.json")
    with pytest.raises(InvalidInputError, match="no plans to write"):
        write_plans_bytes([], format="lowalt")


def test_a_format_that_is_none_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownNameError, match="no format of plans 'shp'; there are: lowalt,"):
        read_plans_bytes(b"{}", format="shp")
    with pytest.raises(UnknownNameError):
        write_plans_bytes(PLANS[:1], format="shp")
    with pytest.raises(InvalidInputError, match="GPX is only read"):
        write_plans_bytes(PLANS[:1], format="gpx")


def test_the_profile_beside_a_file_is_used_unless_the_reader_is_told(tmp_path: Path) -> None:
    (tmp_path / "operator.toml").write_text("special_support = 'none'", encoding="utf-8")
    document = {
        "plan_id": "p", "datum": "WGS84", "route_buffer_m": 5.0,
        "waypoints": json.loads(EXAMPLES[0].read_bytes())["waypoints"],
    }  # fmt: skip
    path = tmp_path / "p.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    assert read_plans(path).plans[0].special_support == "none"
    assert [loss.what for loss in read_plans(path).losses] == ["special_support"]
    assert read_plans(path, told=Told()).plans[0].special_support is None
    assert read_plans_bytes(path.read_bytes()).plans[0].special_support is None


def test_refusals_that_are_kept_keep_nothing_else_alive() -> None:
    plans = [json.loads(EXAMPLES[0].read_text("utf-8")), {"plan_id": "a"}, 3]
    refused = read_plans_bytes(json.dumps(plans).encode()).refused
    assert [(error.__traceback__, error.__context__) for error in refused] == [(None, None)] * 2


def test_a_file_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.truncate(2**30)
    with pytest.raises(InvalidInputError, match="more than 67108864 bytes"):
        read_plans(path)
