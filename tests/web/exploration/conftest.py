from tests.exploration.conftest import hall

__all__ = ["hall"]
