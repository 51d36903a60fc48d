from tests.exploration.conftest import hall, shelf

__all__ = ["hall", "shelf"]
