from typing_extensions import Buffer

class Rows:
    def __buffer__(self, flags: int, /) -> memoryview: ...

def schedule(
    vertices: Buffer,
    offsets: Buffer,
    epoch: float,
    slab: float,
    slabs: int,
    order: Buffer,
    joining: Buffer,
    last: Buffer,
    /,
) -> None: ...
def sweep(
    vertices: Buffer,
    offsets: Buffer,
    horizontal: Buffer,
    vertical: Buffer,
    tolerance: float,
    exact: bool,
    order: Buffer,
    joining: Buffer,
    last: Buffer,
    grid: Buffer,
    columns: int,
    rows: int,
    begin: int,
    end: int,
    most: int,
    /,
) -> Rows | None: ...
