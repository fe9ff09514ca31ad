"""Who goes first where two missions conflict."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Rank:
    """Who goes first where two missions conflict; the lesser yields to none of the greater.

    Attributes
    ----------
    place
        From 1, which goes first.
    zh, en
        What stands there.
    citations
        Provisions that the place rests on.
    is_inference
        Whether the place is our inference from them, because none says it.

    Examples
    --------
    >>> MEDICAL < SCHEDULED
    True
    """

    place: int
    zh: str = field(compare=False)
    en: str = field(compare=False)
    citations: tuple[str, ...] = field(compare=False)
    is_inference: bool = field(default=True, compare=False)

    def label(self, lang: str) -> str:
        """Name of the place in ``zh`` or ``en``."""
        return self.zh if lang == "zh" else self.en


_ORDER_OF_SERVICE = "cn/order_288_2007#art_91"
_AIRSPACE_FIRST = "cn/order_761_2023#art_18"
_URGENT_UNMANNED = "cn/order_761_2023#art_29"
_URGENT_MANNED = "cn/order_371_2003#art_21"

MILITARY = Rank(
    1, "军事和专机等特殊任务", "military and special tasks", (_ORDER_OF_SERVICE,), False
)
POLICE = Rank(
    2, "反恐维稳和警务", "counter-terrorism and police", (_AIRSPACE_FIRST, _URGENT_UNMANNED)
)
MEDICAL = Rank(3, "医疗救护", "medical rescue", (_URGENT_UNMANNED, _URGENT_MANNED))
DISASTER = Rank(
    4, "灭火和抢险救灾", "firefighting and disaster relief", (_URGENT_UNMANNED, _URGENT_MANNED)
)
BLOOD = Rank(5, "血液和器官运输", "blood and organ transport", (_URGENT_UNMANNED,))
PUBLIC_SERVICE = Rank(
    6,
    "海关、应急管理和其他公共任务",
    "customs, emergency management and other public tasks",
    (_AIRSPACE_FIRST,),
)
SCHEDULED = Rank(
    7,
    "定期或者获批航线上的物流和客运",
    "logistics and passengers on a schedule or an approved route",
    (_ORDER_OF_SERVICE,),
)
COMMERCIAL = Rank(8, "其他作业", "other work", (_ORDER_OF_SERVICE,))
LEISURE = Rank(
    9,
    "训练、娱乐以及未说明或者不能认定的任务",
    "training, recreation, and missions not stated or not borne out",
    (_ORDER_OF_SERVICE,),
)

RANKS = (
    *(MILITARY, POLICE, MEDICAL, DISASTER, BLOOD),
    *(PUBLIC_SERVICE, SCHEDULED, COMMERCIAL, LEISURE),
)
"""All places, the first first. No kind of mission or operator is `MILITARY`: such flights are
not planned here, but others yield to them."""
