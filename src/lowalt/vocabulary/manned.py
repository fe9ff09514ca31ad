"""Facts of manned aircraft: crew, weather, fuel and what general aviation files."""

from __future__ import annotations

from lowalt.vocabulary.words import Fact

MANNED: tuple[Fact, ...] = ()
