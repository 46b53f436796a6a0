"""A store of the test's own, on each database."""

from tests.unit.store.conftest import kept, url

__all__ = ["kept", "url"]
