"""Is my mission clear of everybody else's flights? *Clear*, or *conflict*: where, when, with whom.

    python examples/is_my_mission_clear.py
    python examples/is_my_mission_clear.py MISSION.csv --flights 60000 --every 5

The exercise that many drone companies give: the waypoints of one mission against the simulated
flights of others, at tens of thousands of flights. The others are made up (seeded, so that they are
the same every time): out and back from thirty hubs over Shenzhen between 08:00 and 20:00. All are
kept in an index, so that each question costs less than a millisecond, and where the mission is not
clear, later take-offs are tried until one is. A mission of your own is a file of any plan format
that says its times, with heights above mean sea level, or above a ground that ``--ground`` gives.
The exit status is 0 if it is clear as planned, 1 if not, 2 for bad input.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

import lowalt as la
from lowalt.conflicts import IndexConflicts
from lowalt.flights import FlightPlan
from lowalt.formats.plans.files import read_plans
from lowalt.geodesy import LocalFrame

MIDNIGHT = datetime.fromisoformat("2026-06-09T00:00:00+08:00")
FRAME = LocalFrame(114.0)
HUBS, BOX_KM, MIDDLE = 30, (36.0, 16.0), (114.05, 22.60)
SPEED_M_S, CLIMB_M_S = 15.0, 3.0
WAITS_MIN = 120
"""Later take-offs are tried for so long."""

MISSION = (
    (113.94, 22.54, 10.0, "12:00:00"),
    (113.94, 22.54, 100.0, "12:00:30"),
    (114.05, 22.56, 100.0, "12:13:00"),
    (114.12, 22.61, 110.0, "12:23:00"),
    (114.12, 22.61, 10.0, "12:23:40"),
)
"""Where our mission is when: degrees, metres above mean sea level, time of the day."""


def our_mission() -> FlightPlan:
    """Make the mission a plan."""
    waypoints = [
        {
            "lon_deg": lon_deg,
            "lat_deg": lat_deg,
            "level": {"value_m": height_m, "reference": "AMSL"},
            "time": f"2026-06-09T{time}+08:00",
        }
        for lon_deg, lat_deg, height_m, time in MISSION
    ]
    buffers = {"route_buffer_m": 25, "vertical_buffer_m": 10}
    plan = {"plan_id": "our-mission", "datum": "WGS84", "waypoints": waypoints, **buffers}
    return la.parse_plan(json.dumps(plan))


def flights_of_others(count: int, *, seed: int) -> la.TrackArray:
    """Simulate flights: up, to a customer, down to 20 m and up, back, and down."""
    random = np.random.default_rng(seed)
    half_m = np.array(BOX_KM) * 500.0
    hubs = random.uniform(-half_m, half_m, size=(HUBS, 2))
    hub = hubs[random.integers(HUBS, size=count)]
    turn, distance_m = random.uniform(0.0, 2.0 * np.pi, count), random.uniform(1e3, 6e3, count)
    customer = hub + distance_m[:, None] * np.column_stack((np.cos(turn), np.sin(turn)))
    height_m = random.choice([60.0, 75.0, 90.0, 105.0, 120.0], count)
    start_s = random.uniform(8 * 3600.0, 20 * 3600.0, count)

    ground_m, low_m = np.full(count, 10.0), np.full(count, 20.0)
    z_m = np.stack([ground_m, height_m, height_m, low_m, height_m, height_m, ground_m], axis=1)
    xy_m = np.stack([hub, hub, customer, customer, customer, hub, hub], axis=1)
    lasts_s = np.hypot(*np.moveaxis(np.diff(xy_m, axis=1), 2, 0)) / SPEED_M_S
    lasts_s += np.abs(np.diff(z_m, axis=1)) / CLIMB_M_S
    t_s = start_s[:, None] + np.pad(np.cumsum(lasts_s, axis=1), ((0, 0), (1, 0)))
    east_m, north_m = FRAME.to_plane(np.array([MIDDLE]))[0].tolist()
    return la.TrackArray.from_local(
        np.arange(count + 1) * z_m.shape[1],
        x_m=xy_m[..., 0].ravel(),
        y_m=xy_m[..., 1].ravel(),
        z_m=z_m.ravel(),
        t_s=t_s.ravel(),
        horizontal_radius_m=20.0,
        vertical_radius_m=5.0,
        # Room for what bringing the mission into this plane can be wrong by.
        tolerance_m=0.02,
        position_error_m=0.01,
        ids=[f"other-{number:05}" for number in range(count)],
        epoch=MIDNIGHT,
        frame=FRAME,
        origin_m=(east_m, north_m),
        surface=la.VerticalReference.AMSL,
    )


def delayed(plan: FlightPlan, by: timedelta) -> FlightPlan:
    """Take off later, and be everywhere later by as much."""
    moved = [w.model_copy(update={"time": w.time + by}) for w in plan.waypoints or ()]
    return plan.model_copy(update={"waypoints": tuple(moved)})


def clock(t_s: float) -> str:
    """Write a time of the day to a tenth of a second."""
    return f"{MIDNIGHT + timedelta(seconds=round(t_s, 1)):%H:%M:%S.%f}"[:-5]


def say(found: IndexConflicts, mission: la.TrackArray) -> Iterator[str]:
    """Say of each conflict with whom, when and where it is."""
    flown = mission.vertices
    places = np.column_stack(
        [np.interp(found.t_cpa_s, flown[:, 0], flown[:, n]) for n in (1, 2, 3)]
    )
    lon_lat = FRAME.to_lonlat(places[:, :2] + mission.origin_m)
    for row, ((lon_deg, lat_deg), height_m) in enumerate(zip(lon_lat, places[:, 2], strict=True)):
        times = (found.t_in_s[row], found.t_out_s[row], found.t_cpa_s[row])
        start, end, closest = (clock(float(t_s)) for t_s in times)
        yield (
            f"  with {found.accepted[row]} from {start} to {end}, closest"
            f" {found.d_cpa_m[row]:.0f} m at {closest}"
            f" near {lon_deg:.5f}, {lat_deg:.5f}, {height_m:.0f} m"
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("mission", type=Path, nargs="?", help="a file of any plan format")
    parser.add_argument("--flights", type=int, default=40_000, help="how many others")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--every", type=float, default=5.0, help="minutes between take-offs tried")
    parser.add_argument("--ground", type=float, default=10.0, help="elevation, metres AMSL")
    options = parser.parse_args()

    others = flights_of_others(options.flights, seed=options.seed)
    index = la.ConflictIndex(others)
    ground = la.UniformTerrain(ground_amsl_m=options.ground)
    step = timedelta(minutes=options.every)
    try:
        plan = read_plans(options.mission).plans[0] if options.mission else our_mission()
        print(f"{plan.plan_id} against {len(index):,} flights of others")
        for number in range(1 + int(WAITS_MIN / options.every)):
            tried = delayed(plan, number * step)
            mission = la.TrackArray.from_plans([tried], terrain=ground, like=others)
            found = index.query(mission)
            said = f"conflict, {len(found)}:" if len(found) else "clear"
            print(f"take-off {tried.departure:%H:%M:%S}: {said}")
            print("".join(f"{line}\n" for line in say(found, mission)), end="")
            if not len(found):
                return min(number, 1)
    except (la.LowaltError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(f"no take-off in the next {WAITS_MIN} minutes is clear")
    return 1


if __name__ == "__main__":
    sys.exit(main())
