"""From a request to an answer."""

from search.engine import Engine, open_engine

__all__ = ["Engine", "open_engine"]
