"""Beyond one machine: the same search over tiles of space and time."""
