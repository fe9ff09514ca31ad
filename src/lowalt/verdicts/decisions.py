"""What may come out: of a flight, and of one rule."""

from __future__ import annotations

from enum import Enum, StrEnum


class Decision(Enum):
    """What the operator may do, from the most lenient to the strictest.

    ``INDETERMINATE`` stands outside the order: the unknowns allow more than one outcome, and the
    verdict names both ends.
    """

    PERMITTED = "permitted"
    FILING_REQUIRED = "filing_required"
    CONFIRMATION_REQUIRED = "confirmation_required"
    APPROVAL_REQUIRED = "approval_required"
    PROHIBITED = "prohibited"
    INDETERMINATE = "indeterminate"

    @property
    def rank(self) -> int:
        """Place in the order of strictness.

        Raises
        ------
        ValueError
            For ``INDETERMINATE``, which has none.

        Examples
        --------
        >>> Decision.PROHIBITED.rank > Decision.APPROVAL_REQUIRED.rank
        True
        """
        return _ORDER.index(self)

    def label(self, lang: str) -> str:
        """Name it in ``zh`` or ``en``.

        Examples
        --------
        >>> Decision.FILING_REQUIRED.label("en"), Decision.FILING_REQUIRED.label("zh")
        ('FILING REQUIRED', '须备案')
        """
        return _CHINESE[self] if lang == "zh" else self.value.replace("_", " ").upper()


_ORDER = (
    Decision.PERMITTED,
    Decision.FILING_REQUIRED,
    Decision.CONFIRMATION_REQUIRED,
    Decision.APPROVAL_REQUIRED,
    Decision.PROHIBITED,
)

_CHINESE = {
    Decision.PERMITTED: "可以飞行",
    Decision.FILING_REQUIRED: "须备案",
    Decision.CONFIRMATION_REQUIRED: "须经确认",
    Decision.APPROVAL_REQUIRED: "须经批准",
    Decision.PROHIBITED: "不得飞行",
    Decision.INDETERMINATE: "无法确定",
}


class Status(StrEnum):
    """What became of a rule, the worst first."""

    BREACHED = "breached"
    REQUIRED = "required"
    MISSING_INFO = "missing_info"
    WAIVED = "waived"
    MET = "met"
    NOT_APPLICABLE = "not_applicable"
    NOT_IN_FORCE = "not_in_force"
