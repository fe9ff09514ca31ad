"""What a change of the law changes: in its words, and for the flights it is asked of."""

from lowalt.reform.compare import compare
from lowalt.reform.comparison import Change, Comparison
from lowalt.reform.difference import RulebookDifference, difference

__all__ = ["Change", "Comparison", "RulebookDifference", "compare", "difference"]
