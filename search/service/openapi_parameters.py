"""What each endpoint takes, in OpenAPI's words, from the models that check it."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from search.service.parameters import (
    DraftParameters,
    Parameters,
    PostParameters,
    RecommendParameters,
    RelatedParameters,
    SearchParameters,
    SuggestParameters,
)

_LIST_MEANINGS: Final[Mapping[str, str]] = {
    "limit": "How many posts to list at most",
    "include_newer": "Whether posts may be newer than the one to start from",
    "exclude_linked": "Whether to leave out posts that the one to start from links to",
    "since": "Leaves out posts from before this time, and undated ones",
    "lang": "Only posts in this language",
    "category": "Only posts of this category",
    "series": "What becomes of the other parts of the series: listed as any post, first, or not",
    "half_life_days": (
        "How much older a post must be to count half as alike; by default as the settings say"
    ),
    "explain": "Whether to give every reason of each post",
}

MEANINGS: Final[Mapping[type[Parameters], Mapping[str, str]]] = {
    SearchParameters: {
        "q": "What the reader typed, whatever it is",
        "limit": "How many hits to give at most",
        "offset": "How many hits to skip",
        "sort": "The order of the hits",
        "tag": "Only posts with this tag",
        "category": "Only posts of this category",
        "author": "Only posts by this author",
        "year": "Only posts of this year",
        "lang": "Only posts in this language",
        "prefix": "Whether the reader is still typing, so that the last word may be unfinished",
        "explain": "Whether to give the parts of each score",
    },
    SuggestParameters: {
        "q": "What was typed so far",
        "limit": "How many completions to give at most",
    },
    RelatedParameters: {"path": "The post to start from, or one of its aliases", **_LIST_MEANINGS},
    RecommendParameters: {
        "history": "The posts that were read; in an address, commas may part them",
        **_LIST_MEANINGS,
    },
    DraftParameters: {
        "text": "The text; this or the title must be there",
        "title": "The text's title",
        "tags": "The tags that it has already",
        "links": "The paths or addresses that it links to already",
        "lang": "Its language; without it, that of most posts",
        "path": "Where it is or will be published: a post there is the text itself",
        "limit": "How many posts to list at most",
    },
    PostParameters: {"path": "The post, or one of its aliases"},
}
"""What each parameter is for, without a full stop: what it takes, as its model says, follows."""

SOME_TEXT: Final = r"\S"
"""What a text has, as a pattern: something that is no blank."""

_NEEDS: Final[Mapping[type[Parameters], Mapping[str, Any]]] = {
    DraftParameters: {
        "anyOf": [
            {"required": [name], "properties": {name: {"pattern": SOME_TEXT}}}
            for name in ("text", "title")
        ]
    }
}
"""What must be there beyond what the model says."""


def query_parameters(model: type[Parameters], examples: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The model's fields as parameters of an address; `examples` has values by name."""
    schema = body_schema(model)
    required = schema.get("required", ())
    parameters = []
    for name, found in schema["properties"].items():
        parameter = {
            "name": name,
            "in": "query",
            "description": found["description"],
            "schema": {key: value for key, value in found.items() if key != "description"},
        }
        if name in required:
            parameter["required"] = True
        if name in examples:
            parameter["example"] = examples[name]
        parameters.append(parameter)
    return parameters


@cache
def body_schema(model: type[Parameters]) -> dict[str, Any]:
    """The model as the schema of a JSON object; made once, and not to be changed."""
    schema = model.model_json_schema()
    properties = {
        name: _field(found, MEANINGS[model][name], is_required=name in schema.get("required", ()))
        for name, found in schema["properties"].items()
    }
    # What must be there comes first, as in the guide.
    first = ("q", "path", "history", "text", "title")
    ordered = {name: properties[name] for name in first if name in properties} | properties
    described: dict[str, Any] = {"type": "object", "properties": ordered}
    if "required" in schema:
        described["required"] = schema["required"]
    return {**described, **_NEEDS.get(model, {})}


def _field(found: dict[str, Any], meaning: str, *, is_required: bool) -> dict[str, Any]:
    """A field's schema, less what says nothing: its title, and defaults of nothing at all."""
    kept = {key: value for key, value in found.items() if key != "title"}
    options = [one for one in kept.get("anyOf", ()) if one != {"type": "null"}]
    if options:  # "or nothing" is what leaving a parameter out comes to
        del kept["anyOf"]
        kept |= options[0] if len(options) == 1 else {"anyOf": options}
    if kept.get("default", None) in (None, [], ""):
        kept.pop("default", None)
    if is_required:
        kept["minLength"] = 1  # an empty value counts as left out
    takes = kept.pop("description")
    return {"description": f"{meaning}: {takes}.", **kept}
