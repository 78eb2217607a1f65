"""The text in the search box, read into a Query. Pure, and never an error.

    words             all wanted, in any order
    "exact phrase"    the words next to each other, as typed; never corrected
    -word -"phrase"   posts without it
    a OR b            either of the two
    tag:x category:x author:x      posts that have that value; quotes for spaces: tag:"open source"
    title:word        the word in the title
    before:2022-05 after:2022      posts of a time; `before` leaves the named time out, `after`
                                   has it in

An unknown `name:`, a lone operator, an open quote: just text.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

MAX_QUERY_CHARS: Final = 1_000
"""A question of 150 words; what is past it is cut off, and the answer says so."""

MAX_CLAUSES: Final = 48
"""Each clause is looked up on its own; past this many the rest is passed over, and said so."""

LabelField = Literal["tag", "category", "author"]
_LABEL_FIELDS: Final[dict[str, LabelField]] = {
    "tag": "tag",
    "category": "category",
    "author": "author",
}


@dataclass(frozen=True, slots=True)
class Words:
    """A run of text without spaces: usually one word.

    `is_prefix` wants words that begin so; `title_only` wants them in the title.
    """

    text: str
    is_prefix: bool = False
    title_only: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words next to each other, as they stand between quotes."""

    text: str
    title_only: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """A tag, category or author that a post has, letter case and accents aside."""

    field: LabelField
    value: str


@dataclass(frozen=True, slots=True)
class DateBound:
    """Posts dated before `day`, or from `day` on."""

    kind: Literal["before", "after"]
    day: date


Leaf = Words | Phrase | Label | DateBound


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Either of several, as OR joins them; `written` is what stood in their place, if anything."""

    options: tuple[Leaf, ...]
    written: str = ""


Clause = Leaf | AnyOf


@dataclass(frozen=True, slots=True)
class Query:
    """What is wanted of a post, and what is not.

    `text` is what was typed, cut to MAX_QUERY_CHARS. Clauses are in the order of the text;
    `notices` say what was cut.
    """

    text: str
    required: tuple[Clause, ...] = ()
    excluded: tuple[Clause, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked for."""
        return not self.required and not self.excluded


_QUOTES = str.maketrans("“”„«»", '"' * 5)
_TOKEN = re.compile(
    r"""
    (?P<minus>-(?=["\w]))?                # a hyphen right before a word or a phrase
    (?:(?P<field>[A-Za-z]+):(?=\S))?      # name: with something after it
    (?: "(?P<phrase>[^"]*)"? | (?P<word>[^\s"]+) )
    """,
    re.VERBOSE,
)
_PARTIAL_DATE = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")


def parse_query(text: str, *, last_word_is_prefix: bool = False) -> Query:
    """The Query that `text` says.

    With `last_word_is_prefix`, a text that ends within a plain word leaves that word open.
    """
    cut, notices = _cut(text)
    required: list[Clause] = []
    excluded: list[Clause] = []
    joins_next = False
    last: Leaf | None = None
    for match in _TOKEN.finditer(cut.translate(_QUOTES)):
        if match["word"] == "OR" and not match["minus"] and not match["field"]:
            joins_next = bool(required)
            continue
        leaf = _leaf(match)
        if leaf is None:
            continue
        last = None
        if match["minus"]:
            excluded.append(leaf)
        elif joins_next:
            required[-1] = _either(required[-1], leaf)
        else:
            required.append(leaf)
            last = leaf
        joins_next = False
        if len(required) + len(excluded) == MAX_CLAUSES:
            notices.append(f"Only the first {MAX_CLAUSES} words of the query were looked for.")
            break
    if last_word_is_prefix and isinstance(last, Words) and not cut[-1:].isspace():
        required[-1] = Words(last.text, is_prefix=True, title_only=last.title_only)
    return Query(cut, tuple(required), tuple(excluded), tuple(notices))


def _cut(text: str) -> tuple[str, list[str]]:
    cut = text.replace("\0", " ")
    if len(cut) <= MAX_QUERY_CHARS:
        return cut, []
    return cut[:MAX_QUERY_CHARS], [
        f"Only the first {MAX_QUERY_CHARS} characters of the query were read."
    ]


def _leaf(match: re.Match[str]) -> Leaf | None:
    """The clause that one token says; None for one without any text."""
    phrase, word = match["phrase"], match["word"]
    value = (phrase if phrase is not None else word).strip()
    field = (match["field"] or "").lower()
    if not value and not field:
        return None
    if value and field in _LABEL_FIELDS:
        return Label(_LABEL_FIELDS[field], value)
    if value and field == "title":
        return _text(value, is_phrase=phrase is not None, title_only=True)
    if field == "before" and (day := first_day(value)):
        return DateBound("before", day)
    if field == "after" and (day := first_day(value)):
        return DateBound("after", day)
    text = f"{match['field']}:{value}" if field else value
    return _text(text, is_phrase=phrase is not None and not field, title_only=False)


def _text(text: str, *, is_phrase: bool, title_only: bool) -> Leaf:
    if is_phrase:
        return Phrase(text, title_only)
    return Words(text, title_only=title_only)


def _either(left: Clause, right: Leaf) -> AnyOf:
    options = left.options if isinstance(left, AnyOf) else (left,)
    return AnyOf((*options, right))


def first_day(text: str) -> date | None:
    """The first day of a year, month or day; None where the text is none of them."""
    match = _PARTIAL_DATE.fullmatch(text)
    if not match:
        return None
    try:
        return date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return None
