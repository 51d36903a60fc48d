"""The cast of the organisations' tests: a town, its neighbour, a provider, and who stands where."""

from tests.organisations.conftest import cast

__all__ = ["cast"]
