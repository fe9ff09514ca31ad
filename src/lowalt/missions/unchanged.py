"""What of the law no mission changes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A part of the law that no mission changes.

    Attributes
    ----------
    zh, en
        What it is.
    citations
        Provisions of it, as instrument and key.
    """

    zh: str
    en: str
    citations: tuple[str, ...]


NEVER_CHANGES = (
    Unchanged(
        "管制空域的批准",
        "the approval of controlled airspace",
        (
            "cn/order_761_2023#art_19__para_2__height",
            "cn/order_761_2023#art_19__para_2__areas",
            "cn/order_761_2023#art_19__para_2__item_1",
            "cn/order_371_2003#art_14__item_2__prohibited",
        ),
    ),
    Unchanged(
        "适航",
        "airworthiness",
        ("cn/order_761_2023#art_8__para_1", "cn/civil_aviation_law_2025#art_34"),
    ),
    Unchanged(
        "口岸",
        "the port of entry or exit",
        (
            "cn/border_inspection_regulation_1995#art_16__exit",
            "cn/border_inspection_regulation_1995#art_16__entry",
            "cn/customs_law_2021#art_8",
            "sz/shekou_port_opening_2025#opening__exit",
            "sz/shekou_port_opening_2025#opening__entry",
        ),
    ),
    Unchanged("检疫", "quarantine", ("cn/quarantine_law_2024#art_22",)),
)
"""What stays as it is however urgent the mission."""
