"""Shapes drawn by the records of one OpenAir airspace, pen stroke by pen stroke."""

from __future__ import annotations

from lowalt.airspace import Circle, Outline
from lowalt.errors import GeometryError, InvalidInputError
from lowalt.formats.openair.records import Record, read_numbers, read_points
from lowalt.formats.rings import ROUNDING_M, Corner, Place, Ring, arc_ends
from lowalt.units import METRES_PER_NAUTICAL_MILE


class Drawing:
    """The shape that the records so far have drawn.

    Examples
    --------
    >>> drawing = Drawing()
    >>> drawing.add(Record(1, "V X", "22:30:00 N 114:00:00 E"))
    >>> drawing.add(Record(2, "DC", "0.5"))
    >>> drawing.shape()
    Circle(lon_deg=114.0, lat_deg=22.5, radius_m=926.0)
    """

    def __init__(self) -> None:
        self._centre: Place | None = None
        self._clockwise = True
        self._circle: Circle | None = None
        self._ring = Ring()

    def add(self, record: Record) -> None:
        """Draw what a record says.

        Raises
        ------
        InvalidInputError
            If it cannot be read.
        GeometryError
            If it does not go together with the others.
        """
        if self._circle is not None and record.key in ("DP", "DA", "DB", "DC"):
            raise GeometryError("a line beside a circle; expected the circle to stand alone")
        match record.key:
            case "V X":
                (self._centre,) = read_points(record.value, count=1)
            case "V D":
                self._clockwise = _is_clockwise(record.value)
            case "DP":
                (point,) = read_points(record.value, count=1)
                self._ring.add(Corner(point))
            case "DA":
                self._add_arc_by_bearings(*read_numbers(record.value, count=3))
            case "DB":
                start, end = read_points(record.value, count=2)
                self._add_arc(Corner(start), Corner(end))
            case "DC":
                self._add_circle(*read_numbers(record.value, count=1))
            case "DY":
                raise GeometryError(
                    "airways are drawn in ways that no two programs share; draw it with DP"
                )

    def shape(self) -> Circle | Outline:
        """Return the finished shape, closed if its last point is not its first.

        Raises
        ------
        GeometryError
            If there is none.
        """
        return self._ring.outline() if self._circle is None else self._circle

    def _add_circle(self, radius_nm: float) -> None:
        lon_deg, lat_deg = self._require_centre()
        if not self._ring.is_empty:
            raise GeometryError("a circle beside other lines; expected it to stand alone")
        self._circle = Circle(lon_deg, lat_deg, radius_nm * METRES_PER_NAUTICAL_MILE)

    def _add_arc_by_bearings(self, radius_nm: float, start_deg: float, end_deg: float) -> None:
        if abs(end_deg - start_deg) == 360.0:
            self._add_circle(radius_nm)
            return
        radius_m = radius_nm * METRES_PER_NAUTICAL_MILE
        self._add_arc(
            *arc_ends(
                self._require_centre(),
                radius_m=radius_m,
                start_deg=start_deg,
                end_deg=end_deg,
                slack_m=ROUNDING_M,
            )
        )

    def _add_arc(self, start: Corner, end: Corner) -> None:
        self._ring.add_arc(start, end, centre=self._require_centre(), clockwise=self._clockwise)

    def _require_centre(self) -> Place:
        if self._centre is None:
            raise InvalidInputError("no centre; expected V X= before it, in the same airspace")
        return self._centre


def _is_clockwise(sign: str) -> bool:
    if sign[:1] not in ("+", "-"):
        raise InvalidInputError(f"given {sign[:20]!r}, expected + (clockwise) or -")
    return sign[:1] == "+"
