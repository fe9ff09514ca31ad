"""Facts that the law of Hong Kong asks for."""

from __future__ import annotations

from lowalt.vocabulary.words import Fact

HONG_KONG: tuple[Fact, ...] = ()
