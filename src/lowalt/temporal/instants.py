"""Instants: with a time zone or refused, as whole milliseconds, and as RFC 3339 writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from lowalt.errors import InvalidInputError, NaiveDatetimeError, shown


def require_aware(value: datetime, *, field: str) -> datetime:
    """Return the time unchanged, or refuse it if it has no time zone.

    Raises
    ------
    NaiveDatetimeError
        If the time is naive; the message names the field.

    Examples
    --------
    >>> require_aware(datetime(2026, 3, 1, 9), field="submitted_at")
    Traceback (most recent call last):
    ...
    lowalt.errors.NaiveDatetimeError: submitted_at: 2026-03-01T09:00:00 has no time zone; ...
    """
    if value.utcoffset() is None:
        raise NaiveDatetimeError(
            f"{field}: {value.isoformat()} has no time zone; write it with an offset, such as"
            f" {value.isoformat()}+08:00"
        )
    return value


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def epoch_ms(value: datetime) -> int:
    """Milliseconds since 1970-01-01T00:00Z, exactly.

    Examples
    --------
    >>> epoch_ms(datetime(1970, 1, 2, tzinfo=UTC))
    86400000
    """
    return (require_aware(value, field="time") - _EPOCH) // timedelta(milliseconds=1)


def from_epoch_ms(instant_ms: int) -> datetime:
    """Return the time of so many milliseconds since 1970-01-01T00:00Z, in UTC.

    Examples
    --------
    >>> from_epoch_ms(86_400_000).isoformat()
    '1970-01-02T00:00:00+00:00'
    """
    return _EPOCH + timedelta(milliseconds=instant_ms)


def rfc3339(moment: datetime) -> str:
    """Write a time as RFC 3339, to the millisecond where it has any.

    Examples
    --------
    >>> rfc3339(datetime(2026, 6, 1, 9, 30, tzinfo=UTC))
    '2026-06-01T09:30:00Z'
    """
    text = moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds")
    return text.replace("+00:00", "Z") if moment.utcoffset() == timedelta(0) else text


def read_time(value: Any, *, where: str) -> datetime:
    """Read a time as RFC 3339 writes it.

    Raises
    ------
    InvalidInputError
        If it is no such time; the message begins with ``where``.
    NaiveDatetimeError
        If it has no offset.

    Examples
    --------
    >>> read_time("2026-06-01T09:30:00Z", where="start").isoformat()
    '2026-06-01T09:30:00+00:00'
    """
    try:
        return require_aware(datetime.fromisoformat(value), field=where)
    except (TypeError, ValueError) as error:
        if isinstance(error, InvalidInputError):
            raise
        raise InvalidInputError(
            f"{where}: given {shown(value)}, expected a time such as 2025-11-02T00:00:00+08:00"
        ) from None
