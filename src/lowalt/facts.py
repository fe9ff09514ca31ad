"""The waist: the flat, typed facts that law is judged on.

Above the waist is geometry and no law, below it law and no geometry; this module imports neither.
A fact that is not known is absent, never a default. Facts have one of three scopes: the whole
*flight*, one *leg* under one jurisdiction, or one *encounter* with a zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NoReturn

from lowalt.errors import InvalidInputError
from lowalt.truth import Truth
from lowalt.vocabulary import VOCABULARY, FactValue, Scope, fact

_KINDS: Mapping[Scope, Mapping[str, type]] = {
    scope: {f.name: f.kind for f in VOCABULARY.values() if f.scope is scope and not f.defined}
    for scope in Scope
}
"""Type of every fact that can be given, by scope: one look at it settles a right value."""


def _checked(values: Mapping[str, FactValue], scope: Scope) -> Mapping[str, FactValue]:
    kinds = _KINDS[scope]
    for name, value in values.items():
        if kinds.get(name) is not type(value):
            _refuse(name, value, scope)
    return MappingProxyType(dict(values))


def _refuse(name: str, value: FactValue, scope: Scope) -> NoReturn:
    known = fact(name)
    if known.scope is not scope or known.defined:
        raise InvalidInputError(
            f"fact {name} is {'defined by law' if known.defined else f'of a {known.scope}'};"
            f" it cannot be given for a {scope}"
        )
    known.check(value)
    raise AssertionError(f"fact {name} has the right type and was refused")


@dataclass(frozen=True, slots=True)
class Instance:
    """One leg or encounter: whether it happens at all, and what is known of it.

    Attributes
    ----------
    exists
        Unknown where the path runs closer to a boundary than the boundary is known.
    values
        Known facts by name.
    """

    exists: Truth
    values: Mapping[str, FactValue]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one flight.

    Parameters
    ----------
    flight
        Known facts of the whole flight, by name.
    legs, encounters
        Instances in the order of the path.

    Raises
    ------
    InvalidInputError
        If a value has the wrong type or stands in the wrong scope.

    Examples
    --------
    >>> facts = Facts({"is_indoor": False})
    >>> facts.flight["is_indoor"]
    False
    """

    flight: Mapping[str, FactValue]
    legs: tuple[Instance, ...] = field(default=())
    encounters: tuple[Instance, ...] = field(default=())

    def __post_init__(self) -> None:
        object.__setattr__(self, "flight", _checked(self.flight, Scope.FLIGHT))
        for name, scope in (("legs", Scope.LEG), ("encounters", Scope.ENCOUNTER)):
            instances: tuple[Instance, ...] = getattr(self, name)
            checked = tuple(Instance(i.exists, _checked(i.values, scope)) for i in instances)
            object.__setattr__(self, name, checked)

    def instances(self, scope: Scope) -> tuple[Instance, ...]:
        """Return the instances of a scope; the flight itself is its only one."""
        if scope is Scope.FLIGHT:
            return (Instance(Truth.TRUE, self.flight),)
        return self.legs if scope is Scope.LEG else self.encounters
