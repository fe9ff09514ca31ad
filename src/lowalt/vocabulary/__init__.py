"""The vocabulary of the law half: every fact it may ask for, with its names for people.

A fact is a boolean, an integer in a stated unit, a word of a closed vocabulary, an instant or a
calendar day. Adding a fact is adding a line to a module here and saying in
:mod:`lowalt.situation` how a plan supplies it. The ``field`` of a fact is what an operator is told
to fill in when it is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from lowalt.errors import UnknownNameError
from lowalt.vocabulary.aircraft import AIRCRAFT
from lowalt.vocabulary.crossing import CROSSING
from lowalt.vocabulary.filing import FILING
from lowalt.vocabulary.hong_kong import HONG_KONG
from lowalt.vocabulary.macao import MACAO
from lowalt.vocabulary.manned import MANNED
from lowalt.vocabulary.mission import MISSION
from lowalt.vocabulary.people import PEOPLE
from lowalt.vocabulary.place import PLACE
from lowalt.vocabulary.scenario import SCENARIO
from lowalt.vocabulary.terms import TERMS
from lowalt.vocabulary.weather import WEATHER
from lowalt.vocabulary.words import Fact, FactValue, Measure, Scope

__all__ = ["VOCABULARY", "Fact", "FactValue", "Measure", "Scope", "fact"]

VOCABULARY: Mapping[str, Fact] = MappingProxyType(
    {
        f.name: f
        for f in (
            *AIRCRAFT,
            *PEOPLE,
            *MISSION,
            *SCENARIO,
            *FILING,
            *PLACE,
            *MANNED,
            *WEATHER,
            *CROSSING,
            *HONG_KONG,
            *MACAO,
            *TERMS,
        )
    }
)
"""Every fact by its name."""


def fact(name: str) -> Fact:
    """Look a fact up by its name.

    Raises
    ------
    UnknownNameError
        If no fact has that name; the message lists near ones.
    """
    try:
        return VOCABULARY[name]
    except KeyError:
        near = sorted(n for n in VOCABULARY if set(n.split("_")) & set(name.split("_")))
        raise UnknownNameError(f"no fact is called {name!r}; near ones: {near[:8]}") from None
