from typing import Any

from numpy.typing import NDArray

_Array = NDArray[Any]

class Rows:
    def __buffer__(self, flags: int, /) -> memoryview: ...

def schedule(
    vertices: _Array,
    offsets: _Array,
    epoch: float,
    slab: float,
    slabs: int,
    order: _Array,
    joining: _Array,
    last: _Array,
    /,
) -> None: ...
def sweep(
    vertices: _Array,
    offsets: _Array,
    horizontal: _Array,
    vertical: _Array,
    tolerance: float,
    exact: bool,
    order: _Array,
    joining: _Array,
    last: _Array,
    grid: _Array,
    columns: int,
    rows: int,
    begin: int,
    end: int,
    most: int,
    stop: _Array,
    /,
) -> Rows | None: ...
def volume_cells(low: _Array, high: _Array, by_start: _Array, /) -> object: ...
def volume_passages(
    cells: object,
    first: int,
    last: int,
    vertices: _Array,
    offsets: _Array,
    reach: _Array,
    height: _Array,
    early: _Array,
    x: _Array,
    y: _Array,
    radius: _Array,
    rings: _Array,
    volumes: _Array,
    low: _Array,
    high: _Array,
    /,
) -> bytes: ...
def volume_overlapping(
    low: _Array, high: _Array, by_start: _Array, party: _Array, most: int, /
) -> bytes | None: ...
def volume_decide(
    one: _Array,
    other: _Array,
    x: _Array,
    y: _Array,
    rings: _Array,
    volumes: _Array,
    low: _Array,
    high: _Array,
    is_convex: _Array,
    answers: _Array,
    /,
) -> None: ...
def index_level(arrays: tuple[_Array, ...], /) -> object: ...
def index_query(
    levels: tuple[object, ...],
    count: int,
    version: int,
    exact: bool,
    tolerance: float,
    vertices: _Array,
    offsets: _Array,
    radius: _Array,
    height: _Array,
    uncertainty: _Array,
    /,
) -> bytes | tuple[bytes] | None: ...
def index_passages(
    vertices: _Array,
    offsets: _Array,
    radius: _Array,
    height: _Array,
    uncertainty: _Array,
    tolerance: float,
    layout: _Array,
    slabs: _Array,
    boxes: _Array,
    links: _Array,
    /,
) -> int: ...
def index_enter(
    slabs: _Array,
    boxes: _Array,
    layout: _Array,
    home: bool,
    starts: _Array,
    entries: _Array,
    /,
) -> None: ...
