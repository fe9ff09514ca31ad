"""The words in which aeronautical publications class airspace, and what they mean here.

OpenAir and AIXM share most of them (ICAO Annexes 11 and 15, AIXM's ``CodeAirspaceType``). Only a
few name what Chinese law has a word for; the others become UAS zones with what they ask.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from lowalt.airspace import Restriction
from lowalt.terms import ZoneKind


class Meaning(NamedTuple):
    """What a word for airspace stands for."""

    kind: ZoneKind
    restriction: Restriction


UNKNOWN: Final = Meaning(ZoneKind.UAS_ZONE, Restriction.REQ_AUTHORIZATION)
"""What a word stands for that nobody knows."""

_PROHIBITED = Meaning(ZoneKind.PROHIBITED_AREA, Restriction.PROHIBITED)
_RESTRICTED = Meaning(ZoneKind.RESTRICTED_AREA, Restriction.REQ_AUTHORIZATION)
_DANGER = Meaning(ZoneKind.DANGER_AREA, Restriction.REQ_AUTHORIZATION)
_CONTROL_ZONE = Meaning(ZoneKind.AIRPORT_CONTROL_ZONE, Restriction.REQ_AUTHORIZATION)
_CONTROLLED = Meaning(ZoneKind.UAS_ZONE, Restriction.REQ_AUTHORIZATION)
_WATCHED = Meaning(ZoneKind.UAS_ZONE, Restriction.CONDITIONAL)
_INFORMATION = Meaning(ZoneKind.UAS_ZONE, Restriction.NO_RESTRICTION)

AIRSPACE_TYPES: Final = {
    "P": _PROHIBITED,
    "R": _RESTRICTED,
    **dict.fromkeys(("CTR", "CTR_P", "ATZ", "ATZ_P", "MATZ", "HTZ"), _CONTROL_ZONE),
    **dict.fromkeys(("TMA", "TMA_P", "MTMA", "CTA", "CTA_P", "OCA", "OCA_P", "OTA"), _CONTROLLED),
    **dict.fromkeys(("LTA", "UTA", "UTA_P", "AWY", "AMA", "CLASS", "RAS", "PART"), _CONTROLLED),
    # Reserved or closed for a time.
    **dict.fromkeys(("TRA", "TSA", "CBA", "TFR", "MTA", "MTR", "TRAFR", "OFR"), _CONTROLLED),
    **dict.fromkeys(("ADIZ", "RCA"), _CONTROLLED),
    **dict.fromkeys(("ALERT", "WARNING", "D_OTHER", "PROTECT", "ADV", "UADV", "N"), _WATCHED),
    **dict.fromkeys(("RMZ", "TMZ", "TRZ", "TIA", "TIZ", "ASRA", "GSEC"), _WATCHED),
    **dict.fromkeys(("VFRR", "VFRSEC"), _WATCHED),
    **dict.fromkeys(("FIR", "FIR_P", "UIR", "UIR_P", "NO_FIR", "FIS", "ACCSEC"), _INFORMATION),
    **dict.fromkeys(("NAS", "NAS_P", "SECTOR", "SECTOR_C", "ASR", "POLITICAL"), _INFORMATION),
}
"""Types that OpenAir's ``AY`` and AIXM's ``type`` have in common, or only one of them has."""

OPENAIR_TYPES: Final = {**AIRSPACE_TYPES, "Q": _DANGER, "NONE": UNKNOWN, "CUSTOM": UNKNOWN}
"""What OpenAir's ``AY`` stands for."""

UNCLASSIFIED: Final = frozenset({"UNC", "UNCLASSIFIED", "UNKNOWN", "OTHER"})
"""Classes of OpenAir that say nothing, and leave it to the type."""

OPENAIR_CLASSES: Final = {
    **dict.fromkeys("ABCDE", _CONTROLLED),
    **dict.fromkeys("FG", _WATCHED),
    **dict.fromkeys(("GP", "W", "RMZ", "TMZ", "TRZ", "GSEC"), _WATCHED),
    **dict.fromkeys(UNCLASSIFIED, UNKNOWN),
    "P": _PROHIBITED,
    "R": _RESTRICTED,
    "Q": _DANGER,
    "CTR": _CONTROL_ZONE,
}
"""What OpenAir's ``AC`` stands for; old files write types there too."""

AIXM_TYPES: Final = {**AIRSPACE_TYPES, "D": _DANGER, "A": _WATCHED, "W": _WATCHED}
"""What AIXM's ``type`` stands for."""
