"""What a permission of the authorities of Hong Kong or Macao covers."""

from __future__ import annotations

from datetime import date

from lowalt.flights.permissions import Permission
from lowalt.situation.declared.values import Known, all_of


def permission_facts(
    permission: Permission | None, *, last_day: date, operation: str, crossing: str
) -> dict[str, Known]:
    """Say, under the two names given, whether the operation and the crossing are covered.

    A permission of which nothing is stated is not known; one that is not held covers nothing.
    """
    if permission is None:
        return {}
    until = permission.valid_until
    current = None if until is None else last_day <= until
    covers = {operation: permission.covers_operation, crossing: permission.covers_crossing}
    held = permission.held
    return {name: all_of((current, c)) if held else False for name, c in covers.items()}
