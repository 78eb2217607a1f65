"""A site generator's configuration, read as text: values are taken, and nothing in it is run."""

import ast
import json
import re
import tomllib
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from index.errors import MalformedPostError
from index.yamlfields import YAMLFieldsHandler

MAX_CONFIG_BYTES: Final = 1_000_000
"""A configuration of a hundred pages is smaller; more is not one that a person keeps."""

_COMMENT = re.compile(r'("(?:[^"\\\n]|\\.)*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
_LAST_COMMA = re.compile(r'("(?:[^"\\\n]|\\.)*")|,(?=\s*[}\]])')
_YAML_TAG = re.compile(r"(?<=[\s\[:,-])!{1,2}[\w/:.-]+(?=[\s,\]]|$)", re.MULTILINE)
_PLACEHOLDER_HOSTS = frozenset({"localhost", "127.0.0.1", "0.0.0.0"})  # noqa: S104 - not listened to


@dataclass(frozen=True, slots=True)
class SiteConfig:
    """A configuration file. `values` are what its form gives, or nothing where it is a program.

    `text` is what stands in it; empty if it could not be read.
    """

    file: Path
    text: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    def get(self, *keys: str) -> Any:
        """The value under one key in another, letter case ignored; None where there is none."""
        value: Any = self.values
        for key in keys:
            if not isinstance(value, Mapping):
                return None
            by_name = {str(name).lower(): inner for name, inner in value.items()}
            value = by_name.get(key.lower())
        return value

    def string(self, *keys: str) -> str:
        """A text under a key; empty for anything else."""
        value = self.get(*keys)
        return value.strip() if isinstance(value, str) else ""

    def literal(self, name: str) -> str:
        """The first text that a program gives a key of this name, as in `url: 'https://…'`."""
        found = re.search(
            rf"(?<![\w.$-]){re.escape(name)}[\"']?\s*[:=]\s*([\"'`])([^\"'`\n$]*)\1", self.code
        )
        return found[2].strip() if found else ""

    @property
    def code(self) -> str:
        """The text of a program without its comments; `//` in an address is none."""
        return re.sub(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", "", self.text, flags=re.DOTALL)


def read_config(file: Path) -> SiteConfig:
    """What can be read of a configuration file; what cannot is left out without a word."""
    if not file.is_file():
        return SiteConfig(file)
    try:
        with file.open("rb") as opened:
            text = opened.read(MAX_CONFIG_BYTES).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return SiteConfig(file)
    values = _values(file.suffix.lower(), text)
    return SiteConfig(file, text, values if isinstance(values, Mapping) else {})


def web_address(*parts: str) -> str:
    """Parts of an address, put together without a slash at the end; empty if it is none yet."""
    address = parts[0].rstrip("/")
    for part in parts[1:]:
        address += "/" + part.strip("/") if part.strip("/") else ""
    host = re.match(r"https?://([^/:?#\s]+)", address, re.IGNORECASE)
    return address if host and host[1].lower() not in _PLACEHOLDER_HOSTS else ""


def _values(suffix: str, text: str) -> Any:
    try:
        if suffix == ".toml":
            return tomllib.loads(text)
        if suffix in {".yml", ".yaml"}:
            return YAMLFieldsHandler().load(_YAML_TAG.sub("", text.removeprefix("---")))
        if suffix == ".json":
            bare = _COMMENT.sub(lambda found: found[1] or "", text)
            return json.loads(_LAST_COMMA.sub(lambda found: found[1] or "", bare))
        if suffix == ".py":
            with warnings.catch_warnings():
                warnings.simplefilter(
                    "ignore"
                )  # what Python thinks of it is the generator's affair
                return _constants(ast.parse(text).body)
    except (ValueError, SyntaxError, MalformedPostError, RecursionError, MemoryError):
        return {}
    return {}


def _constants(statements: Sequence[ast.stmt]) -> dict[str, str]:
    """The texts that a Python file gives to names at its top level."""
    return {
        target.id: statement.value.value
        for statement in statements
        if isinstance(statement, ast.Assign)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
