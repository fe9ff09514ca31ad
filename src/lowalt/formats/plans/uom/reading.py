"""Applications, read as plans with an operating area."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from pydantic import ValidationError

from lowalt.documents import parse_json
from lowalt.errors import InvalidInputError, Problem, naming
from lowalt.flights.problems import path_of, shorten
from lowalt.formats.exchange import Loss
from lowalt.formats.plans.exchange import Draft, Told
from lowalt.formats.plans.uom.form import (
    TYPE_OF_URGENCY,
    Application,
    CircleVolume,
    Form,
    FormPilot,
    FormVolume,
    LineVolume,
)
from lowalt.formats.plans.uom.writing import FLAGS
from lowalt.formats.plans.volumes import outline_around
from lowalt.levels import Level, VerticalReference

_URGENCY_OF_TYPE = {kind: urgency for urgency, kind in TYPE_OF_URGENCY.items()}


def read(
    content: bytes,
    *,
    name: str,
    told: Told,  # noqa: ARG001 - an application says all that an operating area must
) -> tuple[Draft, ...]:
    """Read applications: each of their volumes is a plan with that operating area.

    Parameters
    ----------
    content
        The file, as :func:`~lowalt.formats.plans.uom.write` writes it.
    name
        Its name.
    told
        Not asked.

    Returns
    -------
    tuple of Draft
        In the order of the file. A line with a width is read as the area that it covers.

    Raises
    ------
    InvalidInputError
        If it is no such file; ``problems`` has all that is wrong.
    """
    parse_json(content, name=name)  # within its bounds, and no key twice
    try:
        form = Form.model_validate_json(content.decode("utf-8-sig"))
    except ValidationError as error:
        problems = [_problem(fault) for fault in error.errors(include_url=False)]
        count = f"{len(problems)} problem{'s' * (len(problems) != 1)}"
        raise InvalidInputError(f"{name}: application form: {count}", problems=problems) from None
    with naming(name):
        return tuple(draft for application in form.applications for draft in _drafts(application))


def _problem(fault: Any) -> Problem:
    expected = {
        "missing": "the form has it always; give it, or null where it may be unknown",
        "extra_forbidden": "the form has no such key; remove it",
    }.get(fault["type"], fault["msg"])
    given = "nothing" if fault["type"] == "missing" else shorten(fault["input"])
    return Problem(path_of(fault["loc"]), given, expected)


def _drafts(application: Application) -> Iterator[Draft]:
    stated = _stated(application)
    for number, volume in enumerate(application.volumes, start=1):
        alone = len(application.volumes) == 1
        plan_id = application.plan_id if alone else f"{application.plan_id}#{number}"
        area = {
            **_area(volume),
            "floor": Level(volume.bottom_true_height_m, VerticalReference.AGL),
            "ceiling": Level(volume.top_true_height_m, VerticalReference.AGL),
            "start": application.start,
            "end": application.end,
        }
        document = {"plan_id": plan_id, "operating_area": area, **stated}
        yield Draft(document, tuple(_losses(application, volume, plan_id)))


def _area(volume: FormVolume) -> dict[str, Any]:
    if isinstance(volume, CircleVolume):
        return {"circle": volume.circle}
    if isinstance(volume, LineVolume):
        corners = outline_around(np.array(volume.line), radius_m=volume.width_m / 2.0)
        return {"polygon": corners.tolist()}
    return {"polygon": volume.polygon}


def _stated(application: Application) -> dict[str, Any]:
    """Say what the form says of the rest of a plan, in the words of plans."""
    number = application.applicant.certificate_number
    aircraft = application.aircraft.model_dump()
    mark = aircraft.pop("registration_mark")
    pilots = application.pilots
    parts = {
        "operator": {
            "name": application.applicant.name,
            "certificate": None if number is None else {"held": True, "number": number},
        },
        "aircraft": {**aircraft, "registration": None if mark is None else {"mark": mark}},
        "mission": {
            "kind": application.task.kind,
            "urgency": _URGENCY_OF_TYPE.get(application.plan_type),
        },
        "special_operations": {
            flag: digit == "1" for flag, digit in zip(FLAGS, application.special_flags, strict=True)
        },
    }
    return {
        "datum": application.datum,
        **{key: part for key, values in parts.items() if (part := _known(values))},
        **({} if pilots is None else {"pilots": [_pilot(pilot) for pilot in pilots]}),
    }


def _known(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _pilot(pilot: FormPilot) -> dict[str, Any]:
    return pilot.model_dump(exclude_none=True)


def _losses(application: Application, volume: FormVolume, plan_id: str) -> Iterator[Loss]:
    if isinstance(volume, LineVolume):
        how = "read as the area it covers, for all of the time: the form has no times along it"
        yield Loss(plan_id, "line", how)
    if application.plan_type not in _URGENCY_OF_TYPE:
        how = f"{application.plan_type}, {application.plan_type.en}: a plan has no word for it"
        yield Loss(plan_id, "plan type", how)
