"""Bring your own zones: which flights meet them and when, and what it does to the decisions.

    python examples/bring_your_own_zones.py
    python examples/bring_your_own_zones.py MY_ZONES.kml PLAN.json ... --vouch

Zones come in any format that lowalt reads (GeoJSON, KML, OpenAir, AIXM, ED-269, ED-318) and are
laid beside those of the dataset. Zones that nobody vouches for neither permit nor refuse a flight:
they leave the decision open. ``--vouch`` says that they are the published ones.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import lowalt as la
from lowalt.airspace import BasisVerification, FeatureStatus
from lowalt.formats import Origin

HERE = Path(__file__).parent
ZONES = HERE / "zones" / "building_sites.txt"
PLANS = [
    HERE / "plans" / f"{name}.json" for name in ("01_light_uav_suitable_airspace", "19_survey_area")
]


def together(airspace: la.AirspaceDataset, own: la.AirspaceDataset) -> la.AirspaceDataset:
    """Lay zones of one's own beside those of a dataset."""
    both = hashlib.sha256(f"{airspace.digest} {own.digest}".encode()).hexdigest()
    return replace(
        airspace,
        name=f"{airspace.name}+{own.name}",
        features=(*airspace.features, *own.features),
        digest=both,
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("zones", type=Path, nargs="?", default=ZONES)
    parser.add_argument("plans", type=Path, nargs="*", default=PLANS)
    parser.add_argument("--vouch", action="store_true", help="they are the published ones")
    parser.add_argument("--lang", choices=("en", "zh"), default="en")
    options = parser.parse_args()

    origin = Origin(citation="the company's own survey", as_of=date(2026, 6, 1))
    if options.vouch:
        origin = replace(
            origin, status=FeatureStatus.AUTHORITATIVE, basis=BasisVerification.VERIFIED
        )
    try:
        own = la.read_airspace(options.zones, origin=origin)
        plans = [la.read_plan(path) for path in options.plans]
    except (la.LowaltError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    for zone in own.zones:
        layers = "; ".join(str(volume.layer) for volume in zone.volumes)
        print(f"{zone.identifier}: {zone.name[options.lang]}, {zone.restriction.value}, {layers}")

    law = la.load_airspace("shenzhen")
    with_own = together(law, own)
    met = la.encounter_table(plans, airspace=own)
    for number, plan in enumerate(plans):
        print(f"\n{plan.plan_id}")
        for encounter in met.of_plan(number):
            period = encounter.period
            print(
                f"  in {encounter.zone.identifier} from {period.start:%H:%M:%S} to"
                f" {period.end:%H:%M:%S}"
            )
        before = la.assess(plan, airspace=law)
        after = la.assess(plan, airspace=with_own)
        names = [verdict.decision.label(options.lang) for verdict in (before, after)]
        print(f"  decision: {' -> '.join(dict.fromkeys(names))}")
        known = {zone.identifier for zone in own.zones}
        for finding in after.findings:
            if finding.where is not None and finding.where.zone in known and finding.consequence:
                print(f"  {finding.status}: {finding.cited(options.lang)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
