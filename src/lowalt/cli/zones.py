"""``lowalt zones``: what the airspace dataset holds, here, at this height, now."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lowalt.cli.options import Format, Lang, fail, open_airspace, read_time, terminal

if TYPE_CHECKING:
    from lowalt.airspace import AirspaceDataset, Containment, Feature
    from lowalt.levels import Level

Found = list[tuple["Feature", "Containment | None"]]


def zones(
    identifier: Annotated[
        str | None, typer.Argument(help="Show this feature in full, with its source.")
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(metavar="LON,LAT", help="Only what this place is in, or may be in."),
    ] = None,
    height: Annotated[
        str | None,
        typer.Option(metavar="LEVEL", help="Only what reaches this height, such as '100 m AGL'."),
    ] = None,
    time: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Only what is in force, as at 2026-06-11T10:00+08:00."),
    ] = None,
    matching: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT", help="Only what has this text in its identifier, name or kind."
        ),
    ] = None,
    lang: Annotated[Lang, typer.Option(help="Language of the list.")] = Lang.EN,
    form: Annotated[
        Format, typer.Option("--format", help="text, or GeoJSON features as one collection.")
    ] = Format.TEXT,
    airspace: Annotated[
        str, typer.Option(metavar="NAME|FILE", help="Airspace dataset, or a file of zones.")
    ] = "shenzhen",
) -> None:
    """List the zones, corridors, sites and lines of a dataset, or show one of them.

    With a place it lists the zones and corridors that the place is in. What is marked "maybe" is
    nearer to the place than its limits are known for, or has limits that the height cannot be
    compared with.
    """
    if height is not None and at is None:
        fail("--height: a height is compared at a place; give --at LON,LAT too")
    when, level = read_time(time, option="--time"), _read_level(height)
    dataset = open_airspace(airspace)
    if identifier is not None:
        found: Found = [(_named(dataset, identifier), None)]
    elif at is not None:
        found = list(_at(dataset, at, when=when, level=level))
    else:
        found = [(f, None) for f in dataset.features if when is None or f.is_active_at(when)]
    if matching is not None:
        found = [(f, answer) for f, answer in found if _matches(f, matching)]
    if form is Format.JSON:
        typer.echo(json.dumps(_collection(found), ensure_ascii=False))
    elif identifier is not None:
        _show(found[0][0], lang=lang) if found else None
    else:
        _list(dataset, found, lang=lang)


def _read_level(text: str | None) -> Level | None:
    if text is None:
        return None
    from lowalt.errors import InvalidInputError
    from lowalt.levels import Level

    try:
        return Level.parse(text)
    except InvalidInputError as error:
        fail(f"--height: {error}")


def _at(
    dataset: AirspaceDataset, text: str, *, when: datetime | None, level: Level | None
) -> list[tuple[Feature, Containment | None]]:
    from lowalt.errors import LowaltError

    try:
        lon_deg, lat_deg = (float(part) for part in text.split(","))
    except ValueError:
        fail(f"--at: given {text!r}, expected longitude and latitude in degrees, as 114.05,22.54")
    try:
        found = dataset.features_at(lon_deg=lon_deg, lat_deg=lat_deg, when=when, level=level)
    except LowaltError as error:
        fail(f"--at: {error}")
    return [(feature, answer) for feature, answer in found]


def _named(dataset: AirspaceDataset, identifier: str) -> Feature:
    from lowalt.errors import UnknownNameError

    try:
        return dataset.feature(identifier)
    except UnknownNameError as error:
        fail(str(error))


def _matches(feature: Feature, text: str) -> bool:
    from lowalt.report.airspace import kind

    kinds = (kind(feature, lang="zh"), kind(feature, lang="en"))
    said = (feature.identifier, *feature.name.values(), *kinds)
    return any(text.casefold() in words.casefold() for words in said)


def _collection(found: Found) -> dict[str, Any]:
    from lowalt.airspace import to_geojson

    features = [
        {**to_geojson(feature), **({} if answer is None else {"containment": answer.value})}
        for feature, answer in found
    ]
    return {"type": "FeatureCollection", "features": features}


def _show(feature: Feature, *, lang: Lang) -> None:
    from lowalt.report.airspace import describe

    console, width = terminal()
    console.print(describe(feature, lang=lang.value, width=width), markup=False)


def _list(dataset: AirspaceDataset, found: Found, *, lang: Lang) -> None:
    from lowalt.airspace import Containment
    from lowalt.report.airspace import listed
    from lowalt.report.lines import wrap

    console, width = terminal()
    for feature, answer in found:
        maybe = answer is Containment.WITHIN_TOLERANCE
        head, *details = listed(feature, lang=lang.value, width=width, maybe=maybe)
        console.print(head, markup=False, style="bold")
        for line in details:
            console.print(line, markup=False)
    console.print()
    console.print(_COUNT[lang].format(len(found), len(dataset.features)), markup=False)
    for text in (dataset.coverage, dataset.disclaimer):
        for line in wrap(text.get(lang.value, ""), width=width):
            console.print(line, markup=False)


_COUNT = {Lang.EN: "{} of {} features.", Lang.ZH: "共 {1} 个要素，列出 {0} 个。"}
