"""The part of the guide that lists every setting, written from the settings themselves.

`python -m search.settings_reference` writes it anew, into the page of the guide that has it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath
from typing import Any, Final

from pydantic import SecretStr

from search.settings import KEYS, Settings
from search.settings_sources import Key

PAGE: Final = Path("content/settings-reference.md")

BEGIN: Final = "<!-- Made by `python -m search.settings_reference`, up to the end of it. -->"
END: Final = "<!-- The end of it. -->"

MEANINGS: Final[Mapping[str, str]] = {
    "site.base_url": "What links to your posts begin with.",
    "site.permalink": "How posts that name no path come by theirs.",
    "site.permalinks": "The same for the posts of some folders; it goes before `permalink`.",
    "site.title": "The name at the top of Signpost's own pages, and in a browser's address bar.",
    "site.language": "What posts are written in that don't say so themselves.",
    "posts.content": "Where the posts are.",
    "posts.include": "Which posts to let in that are left out otherwise.",
    "index.dir": "Where the index is built and served from.",
    "index.keep_generations": "How many generations stay after a build, the new one included.",
    "index.max_shrink": "How much smaller an index may become before a build is refused.",
    "index.max_memory_mb": "How much memory a build may take.",
    "search.synonyms": "Words that find each other.",
    "search.stop_words": "Words that say little on your site.",
    "search.pins": "Which posts come first for a query.",
    "search.boosts": "Which parts of the site count for more, or for less.",
    "search.recency_half_life_days": "How much older a hit must be to score half.",
    "related.weights": "How much each kind of likeness counts in related lists.",
    "related.mmr_lambda": "How much likeness counts beside diversity in related lists.",
    "related.half_life_days": "How much older a post must be to count half as alike.",
    "engine.kind": "What answers.",
    "engine.hosts": "Where the nodes of the cluster are. One that doesn't answer is passed over.",
    "engine.index": "What the index is called in the cluster, before the name of a generation.",
    "engine.username": "Whom the cluster knows Signpost as.",
    "engine.password": "That user's password, never in the settings file or on the command line.",
    "engine.password_file": "A file that holds the password and nothing else.",
    "engine.ca_file": "Whom to trust when nodes prove who they are, as PEM.",
    "engine.verify_certificates": "Whether nodes have to prove who they are.",
    "engine.timeout_ms": "How long a request to the cluster may take.",
    "engine.shards": "How many parts an index in the cluster is made of.",
    "engine.replicas": "How many copies of each part there are beside the first.",
    "engine.refresh_seconds": "How often the cluster may look for what was written to an index.",
    "engine.bulk_mb": "How much a request to write to the cluster has in it.",
    "engine.bulk_requests": "How many requests to write are under way at a time.",
    "engine.post_cache_mb": "How much of posts from the cluster each worker keeps in memory.",
    "engine.fallback": "What answers while the cluster can't.",
    "engine.cache_dir": "Where the words of the cluster's index are kept, to be at hand.",
    "service.origins": "The sites whose pages may call the API from a browser.",
    "service.rate_limit": "How often one client address may call the API.",
    "service.trusted_proxies": "The proxies that are believed when they say whom they ask for.",
    "service.log_format": "How the log is written.",
    "service.log_requests": "Which requests have a line in the log.",
    "service.answer_cache_mb": "How much of finished answers is kept for who asks the same.",
    "service.host": "The address to listen at.",
    "service.port": "The port to listen at.",
    "service.workers": "How many processes answer.",
}
"""What each key is for; what it takes, the settings say themselves."""

_TYPES: Final[Mapping[str, str]] = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "array": "list",
    "object": "table",
}
_AS_WRITTEN: Final = re.compile(r'\{.*\}|\[.*\]|"[^"]*"')
"""What in a sentence is meant as it would be written in the file."""

_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")


def reference() -> str:
    """Every key by section, as Markdown: what it is for, what it takes, default and variable."""
    settings = Settings()
    return "\n\n".join(
        block
        for section in dict.fromkeys(key.section for key in KEYS)
        for block in _section(section, getattr(settings, section))
    )


def with_reference(page: str) -> str:
    """The page with what stands between the two marks made anew; ValueError where they are not."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"The page needs the lines {BEGIN} and {END}.")
    return f"{before}{BEGIN}\n\n{reference()}\n\n{END}{after}"


def toml_value(value: object) -> str:
    """A default as a settings file has it."""
    if isinstance(value, Mapping):
        members = ", ".join(f"{_toml_key(name)} = {toml_value(one)}" for name, one in value.items())
        return f"{{ {members} }}" if members else "{}"
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(toml_value, value))}]"
    if isinstance(value, PurePath):
        value = value.as_posix()
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    return _json(value)


def _section(name: str, values: Any) -> Iterator[str]:
    """A heading, the section as it is by default, and each of its keys."""
    keys = [key for key in KEYS if key.section == name]
    schemas = type(values).model_json_schema()["properties"]
    defaults = {key.name: toml_value(getattr(values, key.name)) for key in keys}
    in_file = (f"{key.name} = {defaults[key.name]}" for key in keys if not key.is_secret)
    yield f"## [{name}]"
    yield f"{type(values).__doc__} The defaults:"
    yield "\n".join(["```toml", f"[{name}]", *in_file, "```"])
    for key in keys:
        yield f"### `{key.in_file}`"
        meaning = MEANINGS.get(f"{key.section}.{key.name}")
        if meaning:
            yield meaning
        yield "\n".join(_facts(key, _TYPES[schemas[key.name]["type"]], defaults[key.name]))


def _facts(key: Key, type_name: str, default: str) -> Iterator[str]:
    yield f"- Type: {type_name}"
    takes = _AS_WRITTEN.sub(r"`\g<0>`", key.takes)
    yield f"- Takes {takes}"
    yield f"- Default: `{default}`"
    yield f"- Environment variable: `{key.variable}`"


def _toml_key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else _json(name)


def _json(value: object) -> str:
    """A text or a number as TOML and JSON both write it."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


if __name__ == "__main__":
    PAGE.write_text(with_reference(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
