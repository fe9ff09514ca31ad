"""Made-up traffic: a day of the services of Shenzhen, seeded, with published numbers.

:func:`day_of_services` gives complete flight plans, most of them in order and a few not, for
examples, benchmarks and tests. Nothing here is a record of real flights.
"""

from lowalt.traffic.day import day_of_services
from lowalt.traffic.services import Services

__all__ = ["Services", "day_of_services"]
