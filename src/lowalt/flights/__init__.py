"""Flight plans: the documents that operators hand in.

:func:`read_plan` reads a file, :func:`parse_plan` a text or a mapping; both name every problem of
a faulty document at once.
"""

from lowalt.flights.aircraft import (
    Aircraft,
    Airworthiness,
    ElectronicFence,
    Identification,
    Insurance,
    Registration,
)
from lowalt.flights.crossing import Crossing, PrescribedRoute
from lowalt.flights.hong_kong import HongKong
from lowalt.flights.macao import Macao
from lowalt.flights.manned import MannedFlight, OverWater, ShortTermPlan, TemporaryAirspace
from lowalt.flights.mission import (
    Approval,
    Communication,
    EmergencyPlan,
    Mission,
    Payload,
    SpecialOperations,
    Submission,
    TaskOrder,
)
from lowalt.flights.people import Licence, Operator, OperatorCertificate, Pilot
from lowalt.flights.permissions import Permission
from lowalt.flights.places import Area, Circle, OperatingArea, Site, Waypoint
from lowalt.flights.plan import Datum, FlightPlan, canonical_json
from lowalt.flights.reading import parse_plan, read_plan
from lowalt.flights.scenario import InspectedObstacle, IsolatedArea, Scenario
from lowalt.flights.weather import Weather, WeatherReport

__all__ = [
    "Aircraft",
    "Airworthiness",
    "Approval",
    "Area",
    "Circle",
    "Communication",
    "Crossing",
    "Datum",
    "ElectronicFence",
    "EmergencyPlan",
    "FlightPlan",
    "HongKong",
    "Identification",
    "InspectedObstacle",
    "Insurance",
    "IsolatedArea",
    "Licence",
    "Macao",
    "MannedFlight",
    "Mission",
    "OperatingArea",
    "Operator",
    "OperatorCertificate",
    "OverWater",
    "Payload",
    "Permission",
    "Pilot",
    "PrescribedRoute",
    "Registration",
    "Scenario",
    "ShortTermPlan",
    "Site",
    "SpecialOperations",
    "Submission",
    "TaskOrder",
    "TemporaryAirspace",
    "Waypoint",
    "Weather",
    "WeatherReport",
    "canonical_json",
    "parse_plan",
    "read_plan",
]
