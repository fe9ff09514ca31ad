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
    /,
) -> Rows | None: ...
