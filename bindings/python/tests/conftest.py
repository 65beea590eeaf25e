"""The order of the tests."""

from typing import List

import pytest


def pytest_collection_modifyitems(items: List[pytest.Item]) -> None:
    """Last comes the test that looks at what all others have seen."""
    items.sort(key=lambda item: item.name == "test_every_code_was_seen")
