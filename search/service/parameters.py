"""The parameters of each API endpoint: read from the address, checked, and made into options."""

import json
import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final, Protocol, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    WithJsonSchema,
    field_validator,
)

from search.drafts import Draft
from search.engine import (
    DEFAULT_LIMIT,
    DEFAULT_RELATED_LIMIT,
    MAX_LIMIT,
    MAX_OFFSET,
    MAX_RELATED_LIMIT,
    Filters,
    RelatedOptions,
    SearchOptions,
    SeriesPlacement,
    Sort,
)
from search.errors import BadRequestError
from search.query import first_day

MAX_FILTER_VALUES: Final = 50
"""More alternatives of one filter than this are no reader's choice, and each costs a look-up."""

MAX_HISTORY_PATHS: Final = 500
"""A browser that remembers more than this has no use for it here."""

MAX_DRAFT_LINKS: Final = 1_000
"""A text of more links than this is a list of links."""

MAX_HALF_LIFE_DAYS: Final = 36_500
"""A hundred years: with more, no age makes a difference."""

MAX_SHOWN_CHARS: Final = 60
"""A wrong value is quoted this far: enough to know it again, whatever its length."""

_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,9}")
_DAY: Final = "a day, month or year, such as 2024-05-01, 2024-05 or 2024"
_DAY_SCHEMA: Final = {
    "anyOf": [
        {"type": "string", "format": "date"},
        {"type": "string", "pattern": "^[1-9][0-9]{3}(-(0[1-9]|1[0-2]))?$"},
    ]
}
_FLAGS: Final = {"1": True, "true": True, "0": False, "false": False}


class Arguments(Protocol):
    """A query string that is parsed already, as the web framework has it."""

    def getlist(self, key: str, /) -> list[str]:
        """All values of `key`, in the order given."""
        ...


@dataclass(frozen=True, slots=True)
class CommaSeparated:
    """Arguments of which one may be several values with commas in between."""

    arguments: Arguments
    name: str

    def getlist(self, key: str, /) -> list[str]:
        """All values of `key`, in the order given."""
        values = self.arguments.getlist(key)
        return values[0].split(",") if key == self.name and len(values) == 1 else values


def _whole_number(text: str) -> int:
    if not _WHOLE_NUMBER.fullmatch(text):
        raise ValueError(text)
    return int(text)


def _day(text: str) -> date:
    day = first_day(text)
    if day is None:
        raise ValueError(text)
    return day


def _flag(text: str) -> bool:
    if text.lower() not in _FLAGS:
        raise ValueError(text)
    return _FLAGS[text.lower()]


WholeNumber = Annotated[int, BeforeValidator(_whole_number)]
Year = Annotated[int, Field(ge=1, le=9999), BeforeValidator(_whole_number)]
HalfLifeDays = Annotated[int, Field(ge=0, le=MAX_HALF_LIFE_DAYS), BeforeValidator(_whole_number)]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema(_DAY_SCHEMA)]
Flag = Annotated[bool, BeforeValidator(_flag), Field(description="1 or true, 0 or false")]
Path = Annotated[str, Field(description="the path of a post, such as /blog/first-post")]
Limit = Annotated[
    int,
    Field(ge=1, le=MAX_LIMIT, description=f"a whole number from 1 to {MAX_LIMIT}"),
    BeforeValidator(_whole_number),
]
Values = Annotated[
    tuple[str, ...],
    Field(max_length=MAX_FILTER_VALUES, description=f"a value, up to {MAX_FILTER_VALUES} times"),
]


class Parameters(BaseModel):
    """The parameters of one endpoint; each field's description says what it takes."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    @classmethod
    def from_arguments(cls, arguments: Arguments) -> Self:
        """The parameters as given; BadRequestError names the first that is not of its form.

        An empty value counts as left out, the first value counts where only one is taken, and
        parameters that the endpoint does not know are passed over.
        """
        given: dict[str, Any] = {}
        for name, field in cls.model_fields.items():
            values = [value for value in arguments.getlist(name) if value]
            if values:
                given[name] = values if isinstance(field.default, tuple) else values[0]
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            raise cls._bad_request(error, given) from error

    @classmethod
    def _bad_request(cls, error: ValidationError, given: dict[str, Any]) -> BadRequestError:
        details = error.errors(include_url=False)[0]
        name, *places = details["loc"]
        takes = cls.model_fields[str(name)].description
        if details["type"] == "missing":
            return BadRequestError(str(name), f"The parameter {name} is needed: {takes}.")
        if details["type"] == "too_long":
            wrong = f"{len(given[str(name)])} values"
        else:
            value = given[str(name)]
            wrong = _quoted(value[int(places[0])] if places else value)
        return BadRequestError(str(name), f"The parameter {name} takes {takes}, not {wrong}.")


class SearchParameters(Parameters):
    """What `/api/v1/search` takes."""

    q: str = Field(default="", description="a query")
    limit: WholeNumber = Field(
        default=DEFAULT_LIMIT,
        ge=0,
        le=MAX_LIMIT,
        description=f"a whole number from 0 (counts only) to {MAX_LIMIT}",
    )
    offset: WholeNumber = Field(
        default=0, ge=0, le=MAX_OFFSET, description=f"a whole number from 0 to {MAX_OFFSET}"
    )
    sort: Sort = Field(default="relevance", description="relevance, newest or oldest")
    tag: Values = ()
    category: Values = ()
    author: Values = ()
    year: tuple[Year, ...] = Field(
        default=(),
        max_length=MAX_FILTER_VALUES,
        description=f"a year such as 2024, up to {MAX_FILTER_VALUES} times",
    )
    lang: Values = ()
    prefix: Flag = False
    explain: Flag = False

    @property
    def options(self) -> SearchOptions:
        """What to ask the engine for."""
        return SearchOptions(
            limit=self.limit,
            offset=self.offset,
            sort=self.sort,
            filters=Filters(
                tags=self.tag,
                categories=self.category,
                authors=self.author,
                years=self.year,
                langs=self.lang,
            ),
            last_word_is_prefix=self.prefix,
            explains=self.explain,
        )


class SuggestParameters(Parameters):
    """What `/api/v1/suggest` takes."""

    q: str = Field(default="", description="the beginning of a query")
    limit: Limit = DEFAULT_LIMIT


class _ListParameters(Parameters):
    """How a list of posts to read next is chosen."""

    limit: WholeNumber = Field(
        default=DEFAULT_RELATED_LIMIT,
        ge=1,
        le=MAX_RELATED_LIMIT,
        description=f"a whole number from 1 to {MAX_RELATED_LIMIT}",
    )
    include_newer: Flag = RelatedOptions().includes_newer
    exclude_linked: Flag = RelatedOptions().excludes_linked
    since: Day | None = Field(default=None, description=_DAY)
    lang: Values = ()
    category: Values = ()
    series: SeriesPlacement = Field(default="mixed", description="mixed, first or excluded")
    half_life_days: HalfLifeDays | None = Field(
        default=None,
        description=f"a whole number of days up to {MAX_HALF_LIFE_DAYS}, or 0 to leave age alone",
    )
    explain: Flag = False

    @property
    def options(self) -> RelatedOptions:
        """How to choose the list."""
        return RelatedOptions(
            limit=self.limit,
            includes_newer=self.include_newer,
            excludes_linked=self.exclude_linked,
            since=self.since,
            langs=self.lang,
            categories=self.category,
            series=self.series,
            half_life_days=self.half_life_days,
            explains=self.explain,
        )


class RelatedParameters(_ListParameters):
    """What `/api/v1/related` takes."""

    path: Path


class RecommendParameters(_ListParameters):
    """What `/api/v1/recommend` takes."""

    history: tuple[str, ...] = Field(
        default=(),
        max_length=MAX_HISTORY_PATHS,
        description=f"up to {MAX_HISTORY_PATHS} paths of posts, the one read last at the end",
    )

    @field_validator("history", mode="before")
    @classmethod
    def _without_spaces(cls, given: list[str]) -> list[str]:
        return [path.strip() for path in given if path.strip()]


class DraftParameters(Parameters):
    """What `/api/v1/related` takes by POST: the members of a JSON object."""

    text: str = Field(default="", description="a text")
    title: str = Field(default="", description="a text")
    tags: Values = ()
    links: tuple[str, ...] = Field(
        default=(),
        max_length=MAX_DRAFT_LINKS,
        description=f"up to {MAX_DRAFT_LINKS} addresses that the text links to",
    )
    lang: str = Field(default="", description="a language, such as de")
    path: str = Field(default="", description="the path of a post, such as /blog/first-post")
    limit: WholeNumber = Field(
        default=DEFAULT_RELATED_LIMIT,
        ge=1,
        le=MAX_RELATED_LIMIT,
        description=f"a whole number from 1 to {MAX_RELATED_LIMIT}",
    )

    @property
    def draft(self) -> Draft:
        """What to ask the engine about."""
        return Draft(self.text, self.title, self.tags, self.links, self.lang, self.path)


class PostParameters(Parameters):
    """What `/api/v1/post` takes."""

    path: Path


def _quoted(text: str) -> str:
    """The text in double quotes, cut where it is long."""
    cut = text if len(text) <= MAX_SHOWN_CHARS else f"{text[:MAX_SHOWN_CHARS]}…"
    return json.dumps(cut, ensure_ascii=False)
