"""Facts that the law of Macao asks for."""

from __future__ import annotations

from lowalt.vocabulary.words import Fact

MACAO: tuple[Fact, ...] = ()
