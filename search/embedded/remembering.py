"""Answers of a method that are remembered, without keeping its object alive."""

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar, cast
from weakref import WeakMethod

P = ParamSpec("P")
R = TypeVar("R")


def remembering(method: Callable[P, R], limit: int) -> Callable[P, R]:
    """The method, remembering its last `limit` answers; for the method's object to keep.

    An object that held an `lru_cache` of its own method would hold itself, and with it the files
    of a generation that is no longer served, until the garbage collector came by.
    """
    weak = WeakMethod(method)

    @lru_cache(maxsize=limit)
    def remembered(*args: P.args, **kwargs: P.kwargs) -> R:
        alive = weak()
        if alive is None:
            raise ReferenceError("asked after the object was gone")
        return alive(*args, **kwargs)

    return cast(Callable[P, R], remembered)
