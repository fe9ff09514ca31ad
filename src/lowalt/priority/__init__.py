"""Who yields where two plans conflict: the order of missions, of filing, and where neither counts.

No text read ranks missions against each other plan by plan. The order is our inference from the
articles that put some tasks before others (decree 761 arts 18, 20, 29; flight rules art. 91), and
says so. Between an unmanned and a manned aircraft it is not asked at all: they fly apart, unless
their flying together is approved (decree 761 art. 22). And priority cures nothing: what may not be
flown keeps no place, and to keep a place permits nothing. The order is that of the Mainland, for
flights since 2024.
"""

from lowalt.priority.outcomes import Outcome, Precedence
from lowalt.priority.settling import precedence, settle

__all__ = ["Outcome", "Precedence", "precedence", "settle"]
