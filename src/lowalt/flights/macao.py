"""What a flight in Macao states beside what every plan does."""

from __future__ import annotations

from lowalt.flights.documents import Document, Metres, fact
from lowalt.flights.permissions import Permission


class Macao(Document):
    """Papers and permissions of Macao, and distances that its law asks for."""

    distance_to_aerodrome_m: Metres | None = fact(
        "Least distance to an aerodrome or landing place, metres."
    )
    in_flight_path_polygon: bool | None = fact(
        "Whether any part is inside the flight-path polygon of table A."
    )
    distance_to_listed_building_m: Metres | None = fact(
        "Least distance to a government building, utility or World Heritage building listed in"
        " paragraph 67, metres."
    )
    within_published_limits: bool | None = fact(
        "Whether height and way of flying keep to the limits that the AACM publishes."
    )
    authorisation: Permission | None = fact(
        "Authorisation of the Civil Aviation Authority of Macao (AACM)."
    )
    registered: bool | None = fact("Whether the aircraft is registered with the AACM.")
    labelled: bool | None = fact("Whether the aircraft carries its registration label.")
    flight_notified: bool | None = fact("Whether the AACM is notified of this flight beforehand.")
    operator_permit: bool | None = fact("Whether the operator permit is held.")
    activity_permit: bool | None = fact("Whether the activity permit is held.")
    insured: bool | None = fact("Whether the insurance that Macao asks for is held.")
    temporary_ban: bool | None = fact(
        "Whether any part is inside the area and time of a temporary ban of the AACM."
    )
    government_flight: bool | None = fact("Whether the government of Macao flies it.")
