"""Flight plans in the formats that operators' tools write: one module a format.

No format of routes says all that a plan must say: what a file leaves open its reader is told, as
:class:`Told`, and what an operator says once of every flight stands in ``operator.toml``.
"""

from lowalt.formats.plans.exchange import PlanReading, Told
from lowalt.formats.plans.files import (
    PLAN_FORMATS,
    PlanFormat,
    plan_format_of,
    read_plans,
    read_plans_bytes,
    write_plans,
    write_plans_bytes,
)
from lowalt.formats.plans.profile import OperatorProfile, profile_beside, read_profile

__all__ = [
    "PLAN_FORMATS",
    "OperatorProfile",
    "PlanFormat",
    "PlanReading",
    "Told",
    "plan_format_of",
    "profile_beside",
    "read_plans",
    "read_plans_bytes",
    "read_profile",
    "write_plans",
    "write_plans_bytes",
]
