"""The section of a post that answers, and about thirty words of it with the matches marked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Final, NamedTuple

from index.analysis import DEFAULT_LANGUAGE, Span, spans, word_parts, words
from search.embedded.snapshot import StoredSection

SNIPPET_WORDS: Final = 30
"""Two or three lines: enough to judge a hit by, few enough to read ten."""

LEAD_WORDS: Final = 6
"""How many words stand before the first match, where there are as many."""

MAX_SECTION_CHARS: Final = 20_000
"""A section is looked through this far: a bound on the work for one hit."""

TITLE_SHARE: Final = 0.5
"""What a match in a section's heading adds, beside one in its text: it decides between sections
that say as much, and a heading alone does not answer."""

REPEAT_SHARE: Final = 0.02
"""What each further use of a word adds to a section's weight: breaks ties, never outweighs a
second word."""

PREFIX_WEIGHT: Final = 1.0
"""What a word counts that begins as was typed: about as much as a word in a third of all posts."""

MAX_WORDLESS_CHARS: Final = 200
"""The extract of a text without words (a row of symbols) is cut here."""

_ELLIPSIS = "…"


class Match(NamedTuple):
    """What a word counts (0 if it was not asked for), and the term that its repeats share."""

    term: str
    weight: float


_NO_MATCH = Match("", 0.0)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for: the weight of each term, and the beginnings of words being typed.

    It is looked for in texts of one `language`.
    """

    terms: Mapping[str, float]
    prefixes: frozenset[str] = frozenset()
    language: str = DEFAULT_LANGUAGE
    _known: dict[str, Match] = field(default_factory=dict, repr=False, compare=False)

    def match(self, word: str) -> Match:
        """What a word of a text counts; each is worked out once."""
        known = self._known.get(word)
        if known is None:
            known = self._known[word] = self._match(word)
        return known

    def _match(self, word: str) -> Match:
        parts = word_parts(word, self.language)
        heaviest = max(parts, key=lambda part: self.terms.get(part.term, 0.0), default=None)
        if heaviest and heaviest.term in self.terms:
            return Match(heaviest.term, self.terms[heaviest.term])
        for part in parts:
            if any(part.surface.startswith(prefix) for prefix in self.prefixes):
                return Match(part.term, PREFIX_WEIGHT)
        return _NO_MATCH


class Snippet(NamedTuple):
    """The section that answers, and the marked extract: escaped, no markup but `<mark>`."""

    section: StoredSection | None
    html: str


class _Found(NamedTuple):
    weight: float
    section: StoredSection
    text: str


def best_snippet(sections: Sequence[StoredSection], summary: str, wanted: Wanted) -> Snippet:
    """The section with the most of what is wanted, the earliest among equals, and its extract.

    Prose comes before code. Where no section has any of it (the match is in the title or a tag),
    there is no section, and the extract is the beginning of the summary, or else of the text.
    """
    best = _best([_look_through(part, part.text, wanted) for part in sections]) or _best(
        [_look_through(part, part.code, wanted) for part in sections if part.code]
    )
    if best:
        return Snippet(best.section, _extract(best.text, wanted))
    text = summary or next((part.text for part in sections if part.text), "")
    return Snippet(None, _extract(text[:MAX_SECTION_CHARS], wanted))


def mark(text: str, wanted: Wanted) -> str:
    """All of `text`, escaped, with the wanted words in `<mark>`."""
    return _marked(text, 0, len(text), _spans(text, wanted), wanted)


def _best(candidates: Sequence[_Found]) -> _Found | None:
    best = max(candidates, key=lambda found: found.weight, default=None)
    return best if best and best.weight else None


def _look_through(section: StoredSection, text: str, wanted: Wanted) -> _Found:
    """How much of what is wanted a section has: different words in full, repeats a little."""
    text = text[:MAX_SECTION_CHARS]
    matches = list(map(wanted.match, words(text)))
    in_title = _distinct(map(wanted.match, words(section.title)))
    repeats = sum(match.weight for match in matches)
    weight = _distinct(matches) + REPEAT_SHARE * repeats + TITLE_SHARE * in_title
    return _Found(weight, section, text)


def _distinct(matches: Iterable[Match]) -> float:
    """The weights of the different words that are wanted, each once."""
    return sum(dict(matches).values())


def _spans(text: str, wanted: Wanted) -> list[Span]:
    return list(spans(text, wanted.language))


def _extract(text: str, wanted: Wanted) -> str:
    """About SNIPPET_WORDS of `text` around the densest matches."""
    found = _spans(text, wanted)
    if not found:
        return escape(_fold_space(text[:MAX_WORDLESS_CHARS]))
    first = _best_start([wanted.match(text[span.start : span.end]) for span in found])
    end = min(first + SNIPPET_WORDS, len(found))
    starts_text, ends_text = first == 0, end == len(found)
    extract = _marked(
        text,
        0 if starts_text else found[first].start,
        len(text) if ends_text else found[end - 1].end,
        found[first:end],
        wanted,
    )
    return ("" if starts_text else _ELLIPSIS) + extract + ("" if ends_text else _ELLIPSIS)


def _best_start(matches: Sequence[Match]) -> int:
    """The word to begin at: the extract from there has the most of the different wanted words."""
    best_weight, best_at = 0.0, 0
    for at, match in enumerate(matches):
        if match.weight:
            window = _distinct(matches[at : at + SNIPPET_WORDS - LEAD_WORDS])
            if window > best_weight:
                best_weight, best_at = window, at
    latest = max(0, len(matches) - SNIPPET_WORDS)
    return min(max(0, best_at - LEAD_WORDS), latest)


def _marked(text: str, start: int, end: int, found: Sequence[Span], wanted: Wanted) -> str:
    pieces: list[str] = []
    at = start
    for mark_start, mark_end in _to_mark(text, found, wanted):
        pieces.append(escape(text[at:mark_start]))
        pieces.append(f"<mark>{escape(text[mark_start:mark_end])}</mark>")
        at = mark_end
    pieces.append(escape(text[at:end]))
    return _fold_space("".join(pieces))


def _to_mark(text: str, found: Sequence[Span], wanted: Wanted) -> list[tuple[int, int]]:
    """The characters to mark, from and to, in order; pairs of characters that overlap as one."""
    marks: list[tuple[int, int]] = []
    for span in found:
        if not wanted.match(text[span.start : span.end]).weight:
            continue
        named = [span.extent(part) for part in span.parts if part.term in wanted.terms]
        if not named and span.middle is not None:
            continue  # its second character is wanted, which the next pair says
        start = min(start for start, _ in named) if named else span.start
        end = max(end for _, end in named) if named else span.end
        if marks and start < marks[-1][1]:
            marks[-1] = marks[-1][0], max(end, marks[-1][1])
        else:
            marks.append((start, end))
    return marks


def _fold_space(text: str) -> str:
    return " ".join(text.split())
