"""lowalt: rules, airspace and conflicts of low-altitude flight in Shenzhen, Hong Kong and Macao.

The door. Everything a caller needs is re-exported here and loaded when it is first asked for, so
that importing lowalt costs next to nothing::

    import lowalt as la

    plan = la.read_plan("plan.json")
    verdict = la.assess(plan, airspace=la.load_airspace("shenzhen"))
    print(la.explain(verdict, lang="zh"))

lowalt is not legal advice and not for navigation.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lowalt.airspace import AirspaceDataset, Zone, load_airspace, read_zones
    from lowalt.assessment import assess
    from lowalt.assessment.many import VerdictTable, assess_many
    from lowalt.conflicts import (
        ConflictIndex,
        ConflictTable,
        TrackArray,
        VolumeArray,
        detect_conflicts,
        detect_conflicts_tiled,
        detect_intrusions,
        volume_conflicts,
    )
    from lowalt.density import DensityTable, density_table
    from lowalt.errors import InvalidInputError, LowaltError
    from lowalt.fact_table import FactTable
    from lowalt.facts import Facts
    from lowalt.flights import FlightPlan, parse_plan, read_plan
    from lowalt.formats import read_airspace, read_features, write_features
    from lowalt.formats.plans import PlanReading, Told, read_plans, read_profile, write_plans
    from lowalt.judgement import Judgement, judge
    from lowalt.judgement_table import JudgementTable, judge_many
    from lowalt.levels import Level, VerticalLayer, VerticalReference
    from lowalt.priority import Precedence, precedence, settle
    from lowalt.records import record, replay
    from lowalt.reform import Comparison, RulebookDifference, compare, difference
    from lowalt.regulations.rulebook import Rulebook, amend, load_rulebook
    from lowalt.remedy import Remedy, remedies
    from lowalt.report.day import day_page
    from lowalt.report.page import report_page
    from lowalt.report.plots import plot_conflict, plot_map, plot_profile, plot_timeline
    from lowalt.report.text import explain
    from lowalt.route_keeping import RouteKeeping
    from lowalt.situation import EncounterTable, Situation, encounter_table, facts_of, lay
    from lowalt.temporal import Schedule, TimeInterval
    from lowalt.terrain import (
        GeoidModel,
        GeoTiffTerrain,
        GridTerrain,
        HgtTerrain,
        SyntheticTerrain,
        TerrainModel,
        UniformTerrain,
        load_geoid,
    )
    from lowalt.timelines import Timeline, TimelineRow, timeline
    from lowalt.traffic import day_of_services
    from lowalt.verdicts import (
        Decision,
        Finding,
        LegVerdict,
        Missing,
        Obligation,
        Status,
        Verdict,
    )

_HOME = {
    "AirspaceDataset": "airspace",
    "Zone": "airspace",
    "load_airspace": "airspace",
    "read_zones": "airspace",
    "assess": "assessment",
    "VerdictTable": "assessment.many",
    "assess_many": "assessment.many",
    "ConflictIndex": "conflicts",
    "ConflictTable": "conflicts",
    "TrackArray": "conflicts",
    "VolumeArray": "conflicts",
    "detect_conflicts": "conflicts",
    "detect_conflicts_tiled": "conflicts",
    "detect_intrusions": "conflicts",
    "volume_conflicts": "conflicts",
    "DensityTable": "density",
    "density_table": "density",
    "InvalidInputError": "errors",
    "LowaltError": "errors",
    "FactTable": "fact_table",
    "Facts": "facts",
    "FlightPlan": "flights",
    "parse_plan": "flights",
    "read_plan": "flights",
    "read_airspace": "formats",
    "read_features": "formats",
    "write_features": "formats",
    "PlanReading": "formats.plans",
    "Told": "formats.plans",
    "read_plans": "formats.plans",
    "read_profile": "formats.plans",
    "write_plans": "formats.plans",
    "Judgement": "judgement",
    "judge": "judgement",
    "JudgementTable": "judgement_table",
    "judge_many": "judgement_table",
    "Level": "levels",
    "VerticalLayer": "levels",
    "VerticalReference": "levels",
    "Precedence": "priority",
    "precedence": "priority",
    "settle": "priority",
    "record": "records",
    "replay": "records",
    "Comparison": "reform",
    "RulebookDifference": "reform",
    "compare": "reform",
    "difference": "reform",
    "Rulebook": "regulations.rulebook",
    "amend": "regulations.rulebook",
    "load_rulebook": "regulations.rulebook",
    "Remedy": "remedy",
    "remedies": "remedy",
    "day_page": "report.day",
    "report_page": "report.page",
    "plot_conflict": "report.plots",
    "plot_map": "report.plots",
    "plot_profile": "report.plots",
    "plot_timeline": "report.plots",
    "explain": "report.text",
    "RouteKeeping": "route_keeping",
    "EncounterTable": "situation",
    "Situation": "situation",
    "encounter_table": "situation",
    "facts_of": "situation",
    "lay": "situation",
    "Schedule": "temporal",
    "TimeInterval": "temporal",
    "GeoidModel": "terrain",
    "GeoTiffTerrain": "terrain",
    "GridTerrain": "terrain",
    "HgtTerrain": "terrain",
    "SyntheticTerrain": "terrain",
    "TerrainModel": "terrain",
    "UniformTerrain": "terrain",
    "load_geoid": "terrain",
    "Timeline": "timelines",
    "TimelineRow": "timelines",
    "timeline": "timelines",
    "day_of_services": "traffic",
    "Decision": "verdicts",
    "Finding": "verdicts",
    "LegVerdict": "verdicts",
    "Missing": "verdicts",
    "Obligation": "verdicts",
    "Status": "verdicts",
    "Verdict": "verdicts",
}

__all__ = [
    "AirspaceDataset",
    "Comparison",
    "ConflictIndex",
    "ConflictTable",
    "Decision",
    "DensityTable",
    "EncounterTable",
    "FactTable",
    "Facts",
    "Finding",
    "FlightPlan",
    "GeoTiffTerrain",
    "GeoidModel",
    "GridTerrain",
    "HgtTerrain",
    "InvalidInputError",
    "Judgement",
    "JudgementTable",
    "LegVerdict",
    "Level",
    "LowaltError",
    "Missing",
    "Obligation",
    "PlanReading",
    "Precedence",
    "Remedy",
    "RouteKeeping",
    "Rulebook",
    "RulebookDifference",
    "Schedule",
    "Situation",
    "Status",
    "SyntheticTerrain",
    "TerrainModel",
    "TimeInterval",
    "Timeline",
    "TimelineRow",
    "Told",
    "TrackArray",
    "UniformTerrain",
    "Verdict",
    "VerdictTable",
    "VerticalLayer",
    "VerticalReference",
    "VolumeArray",
    "Zone",
    "amend",
    "assess",
    "assess_many",
    "compare",
    "day_of_services",
    "day_page",
    "density_table",
    "detect_conflicts",
    "detect_conflicts_tiled",
    "detect_intrusions",
    "difference",
    "encounter_table",
    "explain",
    "facts_of",
    "judge",
    "judge_many",
    "lay",
    "load_airspace",
    "load_geoid",
    "load_rulebook",
    "parse_plan",
    "plot_conflict",
    "plot_map",
    "plot_profile",
    "plot_timeline",
    "precedence",
    "read_airspace",
    "read_features",
    "read_plan",
    "read_plans",
    "read_profile",
    "read_zones",
    "record",
    "remedies",
    "replay",
    "report_page",
    "settle",
    "timeline",
    "volume_conflicts",
    "write_features",
    "write_plans",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'lowalt' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"lowalt.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
