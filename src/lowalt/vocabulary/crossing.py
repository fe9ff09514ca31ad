"""Facts of crossing the boundary: ports, border inspection, customs and quarantine."""

from __future__ import annotations

from lowalt.vocabulary.words import Fact

CROSSING: tuple[Fact, ...] = ()
