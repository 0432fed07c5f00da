"""Every test here runs towns or settles them many times over: they belong to the slow lane, not to `make check`."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder slow."""
    for item in items:
        if item.path.parent == HERE:
            item.add_marker(pytest.mark.slow)
