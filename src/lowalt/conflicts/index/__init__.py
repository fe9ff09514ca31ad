"""New flights against many accepted ones."""

from lowalt.conflicts.index.answers import IndexConflicts
from lowalt.conflicts.index.conflict_index import ConflictIndex

__all__ = ["ConflictIndex", "IndexConflicts"]
