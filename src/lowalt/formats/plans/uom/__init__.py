"""The application form of the UOM-USS interface draft (MH/T, 2026, for comment), out and back.

The draft says what an application has, and some of its codes; its field names are not published
here, so the names of this form are lowalt's own, and it is marked as the draft that it is. What
the draft asks and nobody has stated is never filled in: the five flags of article 31 above all,
where leaving one out would declare that there is nothing to declare.
"""

from lowalt.formats.plans.uom.form import PlanType
from lowalt.formats.plans.uom.reading import read
from lowalt.formats.plans.uom.writing import write

__all__ = ["PlanType", "read", "write"]
