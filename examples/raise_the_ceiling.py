"""See what would change if suitable airspace reached up to 150 m instead of 120 m.

A day of made-up flights over Shenzhen (seeded, so that it is the same day every time) is judged by
the law as it is and by three reforms. The first raises the ceiling of art. 19(2) of the decree
alone. But art. 31 writes 120 m too, for public bodies above their own grounds, and so do other
instruments: the second reform raises both numbers of the decree, the third all that there are.
Run it::

    python examples/raise_the_ceiling.py
    python examples/raise_the_ceiling.py --plans 10000 --lang zh
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

import lowalt as la
from lowalt.flights import canonical_json
from lowalt.regulations.model import Quantity

CEILING = "cn/order_761_2023#art_19__para_2.ceiling"
PUBLIC_CEILING = "cn/order_761_2023#art_31__para_1__item_3.ceiling"
DAY = date(2026, 6, 9)
LIMIT = Quantity(Fraction(120), "m", "AGL")
SEED = 20260609
MODEL = Path(__file__).parent / "plans" / "01_light_uav_suitable_airspace.json"


def synthetic_day(count: int) -> Iterator[la.FlightPlan]:
    """Vary one complete plan: where, when and how high it flies, and who flies it over what."""
    random = np.random.default_rng(SEED)
    model = la.read_plan(MODEL)
    document = la.parse_plan(canonical_json(model)).model_dump(mode="json", exclude_none=True)
    home = document["waypoints"][0]
    for number in range(count):
        east, north = random.uniform(113.80, 114.50), random.uniform(22.50, 22.78)
        height_m = float(random.integers(6, 19) * 10)
        later = timedelta(minutes=int(random.integers(-240, 480)))
        plan = dict(document, plan_id=f"flight-{number:05d}")
        plan["waypoints"] = [
            _moved(point, east - home["lon_deg"], north - home["lat_deg"], height_m, later)
            for point in document["waypoints"]
        ]
        del plan["departure_site"], plan["landing_site"], plan["alternate_sites"]
        del plan["emergency_plan"], plan["take_off_elevation_amsl_m"]
        if random.random() < 0.1:  # a public body above its own ground
            plan["operator"] = dict(document["operator"], kind="police")
            plan["mission"] = dict(document["mission"], kind="training", over_own_ground=True)
        yield la.parse_plan(plan)


def _moved(
    point: dict[str, Any], east_deg: float, north_deg: float, height_m: float, later: timedelta
) -> dict[str, Any]:
    on_ground = point["level"]["value_m"] == 0.0
    return {
        "lon_deg": round(point["lon_deg"] + east_deg, 6),
        "lat_deg": round(point["lat_deg"] + north_deg, 6),
        "level": {"value_m": 0.0 if on_ground else height_m, "reference": "AGL"},
        "time": (datetime.fromisoformat(point["time"]) + later).isoformat(),
    }


def all_of_120_m(law: la.Rulebook) -> list[str]:
    """Every number of the law in force that is 120 m above ground."""
    return [
        f"{provision.citation}.{name}"
        for instrument in law.instruments
        for provision in instrument.provisions.values()
        if law.on in provision.in_force
        for name, parameter in provision.parameters.items()
        if any(law.on in days and value == LIMIT for days, value in parameter.values)
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description="Raise the ceiling and see who gains.")
    parser.add_argument("--plans", type=int, default=200, help="flights of the day")
    parser.add_argument("--lang", choices=("zh", "en"), default="en")
    options = parser.parse_args()

    plans = list(synthetic_day(options.plans))
    airspace = la.load_airspace("shenzhen")
    law = la.load_rulebook("shenzhen", on=DAY)
    for paths in ([CEILING], [CEILING, PUBLIC_CEILING], all_of_120_m(law)):
        reform = la.amend(law, parameters=dict.fromkeys(paths, "150 m"))
        print(la.difference(law, reform).text(options.lang))
        print()
        found = la.compare(plans, airspace=airspace, before=law, after=reform)
        print(found.text(options.lang))
        print("-" * 100)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
