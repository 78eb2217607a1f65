"""The body of a POST in the place of a query string: one JSON object, checked in the same way."""

import json
from typing import Any

from flask import Request

from search.errors import BadRequestError


class JsonArguments:
    """The members of an object as the texts that a query string would have them as."""

    def __init__(self, members: dict[str, Any]) -> None:
        self._members = members

    @classmethod
    def from_request(cls, request: Request) -> "JsonArguments":
        """The object that is the request's body; BadRequestError for any other body."""
        try:
            members = json.loads(request.get_data(cache=False))
        except (ValueError, RecursionError):
            raise BadRequestError("body", "The body is not JSON.") from None
        if not isinstance(members, dict):
            raise BadRequestError("body", "The body must be a JSON object.")
        return cls(members)

    def getlist(self, key: str, /) -> list[str]:
        """All values of `key`, in the order given; those of a list are several.

        BadRequestError for an object, and for a list within a list.
        """
        value = self._members.get(key)
        values = value if isinstance(value, list) else [value]
        return [_as_text(key, item) for item in values if item is not None]


def _as_text(key: str, value: Any) -> str:
    """The value as a text of UTF-8, which escaped halves of a character are not."""
    if isinstance(value, (dict, list)):
        found = "an object" if isinstance(value, dict) else "a list within a list"
        raise BadRequestError(key, f"The member {key} can't be {found}.")
    if isinstance(value, float) and value.is_integer():  # 5.0 and 5 are one number in JSON
        value = int(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text.encode(errors="replace").decode()
