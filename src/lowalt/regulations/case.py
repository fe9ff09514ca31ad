"""The facts of a flight under the terms of a rulebook, as each leg or encounter sees them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from lowalt.errors import RegulationError
from lowalt.facts import Facts, Instance
from lowalt.truth import Truth
from lowalt.vocabulary import FactValue, Scope, fact

if TYPE_CHECKING:
    from lowalt.regulations.conditions import Condition


class View:
    """The facts as one leg, one encounter or the flight sees them, legal terms included.

    Attributes
    ----------
    scope, index
        What it is a view of, and its number among those.
    """

    __slots__ = ("_case", "_flight", "_memo", "_values", "index", "scope")

    def __init__(
        self, case: Case, scope: Scope, index: int, instance: Instance, flight: View | None
    ) -> None:
        self._case, self.scope, self.index, self._flight = case, scope, index, flight
        self._values = instance.values
        self._memo: dict[str, FactValue | None] = {}

    def value(self, name: str) -> FactValue | None:
        """Value of a fact or legal term, or ``None`` where it is not known."""
        known = fact(name)
        if known.scope is not self.scope:
            if self._flight is None or known.scope is not Scope.FLIGHT:
                raise RegulationError(f"fact {name} of a {known.scope} was asked of a {self.scope}")
            return self._flight.value(name)
        if not known.defined:
            return self._values.get(name)
        if name not in self._memo:
            self._memo[name] = self._case.define(name, self)
        return self._memo[name]

    @property
    def undated_is_unknown(self) -> bool:
        """Whether working days of a year without a calendar are unknown here, and no error."""
        return self._case.undated_is_unknown

    def definition(self, name: str) -> Condition | None:
        """Return what a legal term means in law; ``None`` for other facts."""
        return self._case.definition(name)

    def instances(self, scope: Scope) -> Iterator[tuple[Truth, View]]:
        """Return the views of all legs or encounters with whether they exist."""
        return iter(self._case.views(scope))


class Case:
    """The facts of one flight under the legal terms of one rulebook.

    Parameters
    ----------
    facts
        What is known.
    definitions
        Legal terms by name.
    undated_is_unknown
        Whether working days of a year whose calendar is not known are unknown, and no error.
    """

    def __init__(
        self,
        facts: Facts,
        definitions: Mapping[str, Condition],
        *,
        undated_is_unknown: bool = False,
    ) -> None:
        self._definitions = definitions
        self.undated_is_unknown = undated_is_unknown
        (flight,) = facts.instances(Scope.FLIGHT)
        self.flight = View(self, Scope.FLIGHT, 0, flight, None)
        self._views = {
            Scope.FLIGHT: [(Truth.TRUE, self.flight)],
            **{
                scope: [
                    (instance.exists, View(self, scope, index, instance, self.flight))
                    for index, instance in enumerate(facts.instances(scope))
                ]
                for scope in (Scope.LEG, Scope.ENCOUNTER)
            },
        }

    def views(self, scope: Scope) -> list[tuple[Truth, View]]:
        """Return the views of a scope, each with whether its instance exists."""
        return self._views[scope]

    def definition(self, name: str) -> Condition | None:
        """Return what a legal term means in law; ``None`` for other facts."""
        return self._definitions.get(name)

    def define(self, name: str, view: View) -> bool | None:
        """Truth of a legal term in a view; unknown where no law in force defines it."""
        definition = self._definitions.get(name)
        truth = definition.truth(view) if definition is not None else Truth.UNKNOWN
        return {Truth.TRUE: True, Truth.FALSE: False, Truth.UNKNOWN: None}[truth]
