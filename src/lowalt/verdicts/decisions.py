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


_ORDER = (
    Decision.PERMITTED,
    Decision.FILING_REQUIRED,
    Decision.CONFIRMATION_REQUIRED,
    Decision.APPROVAL_REQUIRED,
    Decision.PROHIBITED,
)


class Status(StrEnum):
    """What became of a rule, the worst first."""

    BREACHED = "breached"
    REQUIRED = "required"
    MISSING_INFO = "missing_info"
    WAIVED = "waived"
    MET = "met"
    NOT_APPLICABLE = "not_applicable"
    NOT_IN_FORCE = "not_in_force"
