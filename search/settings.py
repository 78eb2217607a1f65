"""The settings: `signpost.toml`, `SIGNPOST_*` variables and the command line, as one value."""

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError

from index.analysis import DEFAULT_LANGUAGE
from index.generation import KEPT_GENERATIONS
from index.permalinks import Permalinks
from index.safeguards import MAX_SHRINK
from search import settings_values
from search.errors import SettingsError
from search.related_tuning import MMR_LAMBDA, RELATED_WEIGHTS, RelatedTuning
from search.settings_engine import EngineSettings, conflicts
from search.settings_section import Folder, Section, Text
from search.settings_sources import (
    Key,
    Source,
    command_line_source,
    environment_source,
    file_source,
)
from search.tuning import Tuning

MAX_SHOWN_CHARS: Final = 60
"""A wrong value is shown this far: enough to find it by, without flooding the terminal."""

_CREDENTIALS = re.compile(r'//[^"\s]*@')
"""What an address has before its host, and more where that can't be told."""

IncludeWord = Literal["drafts", "expired", "future", "unlisted"]


class SiteSettings(Section):
    """The site whose posts these are."""

    base_url: Annotated[str, AfterValidator(settings_values.base_url)] = Field(
        default="",
        description='an http or https address without "?" or "#", such as '
        '"https://www.example.org", or "" for Signpost\'s own pages',
    )
    permalink: str = Field(default="", description='a pattern such as "/:year/:slug", or ""')
    permalinks: Annotated[
        dict[Text, tuple[Text, ...]], BeforeValidator(settings_values.patterns_by_folder)
    ] = Field(
        default={},
        description="a table of folders with a pattern or a list of patterns for the posts in "
        'each, such as { "_posts" = "/:year/:slug" }',
    )
    title: str = Field(default="Signpost", description="a text")
    language: Annotated[str, AfterValidator(settings_values.language)] = Field(
        default=DEFAULT_LANGUAGE,
        description='the language of posts that name none, such as "de", "pt-BR" or "german"',
    )


class PostsSettings(Section):
    """Where the posts are, and which of those that are usually left out are kept."""

    content: Folder = Field(default=Path("content"), description="the name of a folder")
    include: tuple[IncludeWord, ...] = Field(
        default=(), description='a list of any of "drafts", "expired", "future" and "unlisted"'
    )


class IndexSettings(Section):
    """Where the index is, what is to be kept of it, and what builds may do and take."""

    dir: Folder = Field(default=Path("build/index"), description="the name of a folder")
    keep_generations: Annotated[int, Field(ge=1, le=1000)] = Field(
        default=KEPT_GENERATIONS, description="a whole number from 1 to 1000"
    )
    max_shrink: Annotated[float, Field(ge=0, le=1)] = Field(
        default=MAX_SHRINK,
        description="a number from 0 to 1: the share of the posts that a build may do without",
    )
    max_memory_mb: Annotated[int, Field(ge=0, le=1_000_000)] = Field(
        default=0,
        description="a whole number of megabytes that builds may have in memory, or 0 for no bound",
    )


class SearchSettings(Section):
    """How queries are understood and ranked on this site."""

    synonyms: tuple[Annotated[tuple[Text, ...], Field(min_length=2)], ...] = Field(
        default=(),
        description="a list of groups, each a list of words or phrases that stand for each other, "
        'such as [["k8s", "kubernetes"]]',
    )
    stop_words: tuple[Text, ...] = Field(
        default=(), description='a list of words that hits need not have, such as ["acme"]'
    )
    pins: dict[Text, tuple[Text, ...]] = Field(
        default={},
        description="a table of queries with the paths that come first for each, such as "
        '{ "install" = ["/guide/quick-start"] }',
    )
    boosts: dict[Text, Annotated[float, Field(ge=0.01, le=100)]] = Field(
        default={},
        description="a table of paths with a number from 0.01 to 100 that the scores of all "
        'posts below are multiplied by, such as { "/archive" = 0.5 }',
    )
    recency_half_life_days: Annotated[float, Field(ge=0, le=36_500)] = Field(
        default=0, description="a number of days, or 0 where age is not to matter"
    )


class RelatedSettings(Section):
    """How related lists are made on this site."""

    weights: Annotated[
        dict[Text, Annotated[float, Field(ge=0, le=1)]],
        AfterValidator(settings_values.related_weights),
    ] = Field(
        default=dict(RELATED_WEIGHTS),
        description="a table with a number from 0 to 1, not all of them 0, for any of "
        + ", ".join(RELATED_WEIGHTS),
    )
    mmr_lambda: Annotated[float, Field(ge=0, le=1)] = Field(
        default=MMR_LAMBDA,
        description="a number from 0 to 1, where 1 makes lists by likeness alone",
    )
    half_life_days: Annotated[float, Field(ge=0, le=36_500)] = Field(
        default=0, description="a number of days, or 0 where age is not to matter"
    )


class ServiceSettings(Section):
    """How the HTTP service listens, and to whom."""

    origins: tuple[Annotated[str, AfterValidator(settings_values.origin)], ...] = Field(
        default=(),
        description='a list of origins, each a scheme and a host such as "https://www.example.org"'
        ' without a path, or "*" for every site',
    )
    rate_limit: Annotated[str, AfterValidator(settings_values.rate_limit)] = Field(
        default="600/minute",
        description='a number and a unit of time such as "600/minute", or "" for no limit',
    )
    trusted_proxies: tuple[Annotated[str, AfterValidator(settings_values.network)], ...] = Field(
        default=(),
        description="a list of addresses or networks of proxies that tell whom they ask for, such "
        'as ["127.0.0.1", "10.0.0.0/8"]',
    )
    log_format: Literal["text", "json"] = Field(
        default="text", description='"text" for people or "json" for programs'
    )
    log_requests: Literal["none", "problems", "all"] = Field(
        default="problems",
        description='"none", "problems" (errors, and answers that took long) or "all"',
    )
    answer_cache_mb: Annotated[int, Field(ge=0, le=100_000)] = Field(
        default=32, description="a number of megabytes for each worker, or 0 to keep no answers"
    )
    host: Annotated[str, Field(min_length=1, pattern=r"^\S+$")] = Field(
        default="127.0.0.1", description='a host name or an IP address, such as "127.0.0.1"'
    )
    port: Annotated[int, Field(ge=1, le=65535)] = Field(
        default=8000, description="a whole number from 1 to 65535"
    )
    workers: Annotated[int, Field(ge=1, le=256)] = Field(
        default=1, description="a whole number from 1 to 256"
    )


class Settings(Section):
    """Everything that can be set; relative folders start from the working directory."""

    site: SiteSettings = SiteSettings()
    posts: PostsSettings = PostsSettings()
    index: IndexSettings = IndexSettings()
    search: SearchSettings = SearchSettings()
    related: RelatedSettings = RelatedSettings()
    engine: EngineSettings = EngineSettings()
    service: ServiceSettings = ServiceSettings()

    @property
    def permalinks(self) -> Permalinks:
        """The patterns that paths are made by."""
        return Permalinks(self.site.permalink, self.site.permalinks)

    @property
    def tuning(self) -> Tuning:
        """What engines are opened with."""
        return Tuning(**dict(self.search), related=RelatedTuning(**dict(self.related)))


KEYS: Final = tuple(
    Key(
        section,
        name,
        takes=field.description or "",
        is_list=isinstance(field.default, tuple),
        is_table=isinstance(field.default, dict),
        is_secret=isinstance(field.default, SecretStr),
    )
    for section, part in Settings().__dict__.items()
    for name, field in type(part).model_fields.items()
)
"""Every key there is, in the order of the sections."""


def load_settings(
    config: Path | None = None,
    overrides: Mapping[str, Any] | None = None,
    environ: Mapping[str, str] | None = None,
) -> Settings:
    """The settings in force, from all places where they can be given.

    `overrides` has values by section and key, as the command line gave them; None counts as not
    given. They win over `SIGNPOST_*` variables of `environ` (the process's own where it is None),
    which win over the file. The file is `config`, else the one that SIGNPOST_CONFIG names, else
    `signpost.toml` in the working directory where there is one. Relative folders start from the
    working directory, wherever the file is.

    Raises SettingsError, whose message has a line for everything that is wrong in any place.
    """
    environ = os.environ if environ is None else environ
    sources = (
        file_source(config, environ, KEYS),
        environment_source(environ, KEYS),
        command_line_source(overrides or {}, KEYS),
    )
    problems = [problem for source in sources for problem in _problems(source)]
    if not problems:
        settings = _merged(sources)
        problems = list(_conflicts(settings, sources))
    if problems:
        raise SettingsError("\n".join(problems))
    return settings


def _problems(source: Source) -> Iterator[str]:
    """A line for each thing that is wrong in this place."""
    yield from source.problems
    try:
        Settings.model_validate(source.values)
    except ValidationError as error:
        wrong = (details["loc"][:2] for details in error.errors(include_url=False))
        for section, name in dict.fromkeys(wrong):  # a list may hold several wrong values
            key = next(key for key in KEYS if (key.section, key.name) == (section, name))
            value = source.values[key.section][key.name]
            yield f"{source.place}{source.name(key)} takes {key.takes}, not {_shown(value)}."


def _conflicts(settings: Settings, sources: Sequence[Source]) -> Iterator[str]:
    """A line for each thing that is wrong with all places together."""
    for name, told in conflicts(settings.engine):
        key = next(key for key in KEYS if (key.section, key.name) == ("engine", name))
        place = ""
        for source in sources:
            if name in source.values.get(key.section, {}):
                place = f"{source.place}{source.name(key)}"
        yield f"{place or key.in_file} {told}"


def _shown(value: object) -> str:
    """The value as it might stand in the file, cut where it is long; without its credentials."""
    text = _CREDENTIALS.sub("//…@", json.dumps(value, ensure_ascii=False, default=str))
    return text if len(text) <= MAX_SHOWN_CHARS else f"{text[:MAX_SHOWN_CHARS]}…"


def _merged(sources: Sequence[Source]) -> Settings:
    """The values of all sources, later ones winning key by key."""
    values: dict[str, dict[str, Any]] = {}
    for source in sources:
        for section, keys in source.values.items():
            values.setdefault(section, {}).update(keys)
    return Settings.model_validate(values)
