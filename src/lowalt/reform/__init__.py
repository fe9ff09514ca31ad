"""What a change of the law changes: in its words, and for the flights it is asked of."""

from lowalt.reform.compare import Change, Comparison, compare
from lowalt.reform.difference import RulebookDifference, difference

__all__ = ["Change", "Comparison", "RulebookDifference", "compare", "difference"]
