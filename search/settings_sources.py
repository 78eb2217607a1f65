"""Where settings are given: a file, the environment, the command line; and how each names them."""

import json
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from search.errors import SettingsError

DEFAULT_CONFIG: Final = Path("signpost.toml")
ENV_PREFIX: Final = "SIGNPOST_"
ENV_CONFIG: Final = "SIGNPOST_CONFIG"

MIN_NAME_LIKENESS: Final = 0.75
"""A known name less like the unknown one than this (Jaro-Winkler) would mislead more than help."""

_TOML_MESSAGE = re.compile(r"(?P<what>.*) \(at (?P<place>[^()]*)\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Key:
    """One setting: its section, its name there, and what it takes in words.

    What is secret is taken from the environment alone.
    """

    section: str
    name: str
    takes: str
    is_list: bool = False
    is_table: bool = False
    is_secret: bool = False

    @property
    def in_file(self) -> str:
        """The key as one speaks of it in a settings file."""
        return f"[{self.section}] {self.name}"

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"{ENV_PREFIX}{self.section}__{self.name}".upper()


@dataclass(frozen=True, slots=True)
class Source:
    """One place's settings.

    `values` are by section and key, as they were given. `place` names the place at the start of
    a message, and `name` gives the place's own spelling of a key. `problems` are whole sentences
    about what could not even be read.
    """

    place: str
    values: Mapping[str, Any]
    name: Callable[[Key], str] = lambda key: key.in_file
    problems: Sequence[str] = ()


def file_source(config: Path | None, environ: Mapping[str, str], keys: Sequence[Key]) -> Source:
    """The settings file: `config`, else what SIGNPOST_CONFIG names, else the default if it exists.

    A file that was named and is not there is a problem.
    """
    named = config or (Path(environ[ENV_CONFIG]) if environ.get(ENV_CONFIG) else None)
    path = named or DEFAULT_CONFIG
    place = f"{path}: "
    if named is None and not path.exists():
        return Source(place, {})
    try:
        known, problems = _known_keys(_read_toml(path), keys)
    except SettingsError as error:
        known, problems = {}, [str(error)]
    return Source(place, known, problems=[f"{place}{problem}" for problem in problems])


def command_line_source(overrides: Mapping[str, Any], keys: Sequence[Key]) -> Source:
    """What the command line gave; None counts as not given."""
    given = {
        section: {name: value for name, value in part.items() if value is not None}
        for section, part in overrides.items()
    }
    known, problems = _known_keys(given, keys)
    place = "the command line: "
    return Source(place, known, problems=[f"{place}{problem}" for problem in problems])


def environment_source(environ: Mapping[str, str], keys: Sequence[Key]) -> Source:
    """The `SIGNPOST_*` variables; a list is written as JSON or with commas, a table as JSON."""
    by_variable = {key.variable: key for key in keys}
    values: dict[str, dict[str, Any]] = {}
    problems = []
    for variable, text in sorted(environ.items()):
        key = by_variable.get(variable)
        if key is not None:
            read = _table if key.is_table else _list if key.is_list else str
            values.setdefault(key.section, {})[key.name] = read(text)
        elif variable.startswith(ENV_PREFIX) and variable != ENV_CONFIG:
            nearest = _nearest(variable, [*by_variable, ENV_CONFIG])
            problems.append(f"{variable}: there is no such setting{nearest}.")
    return Source("", values, name=lambda key: key.variable, problems=problems)


def _list(text: str) -> object:
    """The list that a variable holds; the text itself where it is meant as JSON and is none."""
    if not text.lstrip().startswith("["):
        return [part.strip() for part in text.split(",") if part.strip()]
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _table(text: str) -> object:
    """The table that a variable holds as JSON; the text itself where it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _known_keys(
    values: Mapping[str, Any], keys: Sequence[Key]
) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """The values of known keys, and a sentence for each other."""
    known: dict[str, dict[str, Any]] = {}
    problems = []
    sections = list(dict.fromkeys(key.section for key in keys))
    for section, part in values.items():
        if section not in sections:
            problems.append(_unknown_section(section, part, keys))
        elif not isinstance(part, Mapping):
            problems.append(f"{section} is a section: write [{section}], and its keys below it.")
        else:
            names = [key.name for key in keys if key.section == section and not key.is_secret]
            known[section] = {name: value for name, value in part.items() if name in names}
            problems += [_unknown_key(section, name, keys) for name in part if name not in names]
    return known, problems


def _unknown_section(section: str, part: object, keys: Sequence[Key]) -> str:
    if isinstance(part, Mapping):
        nearest = _nearest(f"[{section}]", [f"[{key.section}]" for key in keys])
        return f"there is no section [{section}]{nearest}."
    homes = [key for key in keys if key.name == _plain(section)]
    if homes and homes[0].is_secret:
        return _secret_key(homes[0])
    if homes:
        return f"{section} stands outside of a section; its place is {homes[0].in_file}."
    nearest = _nearest(section, [key.name for key in keys])
    return f"{section} stands outside of a section, and there is no such key{nearest}."


def _unknown_key(section: str, name: str, keys: Sequence[Key]) -> str:
    sisters = [key for key in keys if key.section == section]
    if any(key.name == name for key in sisters):
        return _secret_key(next(key for key in sisters if key.name == name))
    homes = [key for key in keys if key.name == _plain(name)]
    if homes and not any(key in sisters for key in homes):
        hint = f"; the nearest is {homes[0].in_file}"
    else:
        hint = _nearest(name, [key.name for key in sisters])
    return f"[{section}] has no key {name}{hint}."


def _secret_key(key: Key) -> str:
    return (
        f"{key.in_file} is no setting to be written down here: give it as the environment variable "
        f"{key.variable}, or in a file of its own that {key.in_file}_file names."
    )


def _nearest(name: str, known: Sequence[str]) -> str:
    """The rest of a sentence that names what was probably meant; empty if nothing is like it."""
    found = process.extractOne(
        name,
        known,
        scorer=JaroWinkler.normalized_similarity,
        processor=_plain,
        score_cutoff=MIN_NAME_LIKENESS,
    )
    return f"; the nearest is {found[0]}" if found else ""


def _plain(name: str) -> str:
    return name.removeprefix(ENV_PREFIX).lower().replace("-", "_")


def _read_toml(path: Path) -> dict[str, Any]:
    """The file's values; SettingsError, without the file's name, where it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        told = "there is no such file; name the settings file that you mean."
        raise SettingsError(told) from error
    except OSError as error:
        raise SettingsError(f"cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        told = f"line {line}: is not UTF-8 text; save the file as UTF-8."
        raise SettingsError(told) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(_toml_problem(error)) from error
    except RecursionError as error:
        raise SettingsError("is nested too deeply to be read.") from error


def _toml_problem(error: tomllib.TOMLDecodeError) -> str:
    """What the parser says, with the place first."""
    told = _TOML_MESSAGE.fullmatch(str(error))
    if told is None:
        return f"is not TOML: {error}."
    return f"{told['place']}: is not TOML: {told['what']}."
