"""How hard the property tests try, and what this interpreter cannot do."""

from __future__ import annotations

import os
from importlib.util import find_spec

import pytest
from hypothesis import HealthCheck, settings

# A plan is large: drawing one may take longer than Hypothesis likes.
_SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large)
settings.register_profile("dev", max_examples=50, deadline=None, suppress_health_check=_SLOW)
settings.register_profile(
    # As many as two cores try in ten minutes, all tests together; "nightly" tries harder.
    "ci",
    max_examples=75,
    deadline=None,
    suppress_health_check=_SLOW,
    derandomize=True,
)
settings.register_profile("nightly", max_examples=5000, deadline=None, suppress_health_check=_SLOW)
settings.load_profile(
    os.environ.get(
        "LOWALT_HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI", "").lower() == "true" else "dev"
    )
)


def pytest_configure(config: pytest.Config) -> None:
    if find_spec("durable_rules_engine") is None:
        # Said once a process where durable_rules does not import; that is no fault of a test.
        config.addinivalue_line("filterwarnings", "ignore::lowalt.engine.ReferenceEngineWarning")


# Files whose single tests take longest; begun last, one core would wait for the other.
_LONGEST = ("test_soak", "test_remedies", "test_properties", "test_engine", "test_readme")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.path.stem.startswith(_LONGEST))
