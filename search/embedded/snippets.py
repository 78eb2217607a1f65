"""The section of a post that answers, and about thirty words of it with the matches marked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final, NamedTuple

from index.analysis import Span, spans
from search.embedded.snapshot import StoredSection

SNIPPET_WORDS: Final = 30
"""Two or three lines: enough to judge a hit by, few enough to read ten."""

LEAD_WORDS: Final = 6
"""How many words stand before the first match, where there are as many."""

MAX_SECTION_CHARS: Final = 20_000
"""A section is looked through this far: a bound on the work for one hit."""

TITLE_FACTOR: Final = 2.0
"""A match in a section's heading counts this many times one in its text."""

REPEAT_SHARE: Final = 0.02
"""What each further use of a word adds to a section's weight: breaks ties, never outweighs a
second word."""

PREFIX_WEIGHT: Final = 1.0
"""What a word counts that begins as was typed: about as much as a word in a third of all posts."""

MAX_WORDLESS_CHARS: Final = 200
"""The extract of a text without words (a row of symbols) is cut here."""

_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for: the weight of each term, and the beginnings of words being typed."""

    terms: Mapping[str, float]
    prefixes: frozenset[str] = frozenset()

    def weight(self, span: Span) -> float:
        """What a word counts; 0 for one that was not asked for."""
        weight = max((self.terms.get(part.term, 0.0) for part in span.parts), default=0.0)
        if not weight and self.prefixes:
            begins = any(
                part.surface.startswith(prefix) for part in span.parts for prefix in self.prefixes
            )
            return PREFIX_WEIGHT if begins else 0.0
        return weight


class Snippet(NamedTuple):
    """The section that answers, and the marked extract: escaped, no markup but `<mark>`."""

    section: StoredSection | None
    html: str


class _Found(NamedTuple):
    weight: float
    section: StoredSection | None
    text: str
    spans: list[Span]
    weights: list[float]


def best_snippet(sections: Sequence[StoredSection], summary: str, wanted: Wanted) -> Snippet:
    """The section with the most of what is wanted, the earliest among equals, and its extract.

    Prose comes before code. Where no section has any of it (the match is in the title or a tag),
    there is no section, and the extract is the beginning of the summary, or else of the text.
    """
    best = _best([_look_through(part, part.text, wanted) for part in sections]) or _best(
        [_look_through(part, part.code, wanted) for part in sections if part.code]
    )
    if best:
        return Snippet(best.section, _extract(best.text, best.spans, best.weights))
    text = summary or next((part.text for part in sections if part.text), "")
    start = _look_through(None, text, wanted)
    return Snippet(None, _extract(start.text, start.spans, start.weights))


def mark(text: str, wanted: Wanted) -> str:
    """All of `text`, escaped, with the wanted words in `<mark>`."""
    found = list(spans(text))
    return _marked(text, 0, len(text), found, [wanted.weight(span) for span in found])


def _best(candidates: Sequence[_Found]) -> _Found | None:
    best = max(candidates, key=lambda found: found.weight, default=None)
    return best if best and best.weight else None


def _look_through(section: StoredSection | None, text: str, wanted: Wanted) -> _Found:
    """How much of what is wanted a section has: distinct words in full, repeats a little."""
    text = text[:MAX_SECTION_CHARS]
    found = list(spans(text))
    weights = [wanted.weight(span) for span in found]
    distinct = _distinct(found, weights)
    title = list(spans(section.title)) if section else []
    in_title = _distinct(title, [wanted.weight(span) for span in title])
    weight = distinct + REPEAT_SHARE * sum(weights) + TITLE_FACTOR * in_title
    return _Found(weight, section, text, found, weights)


def _distinct(found: Sequence[Span], weights: Sequence[float]) -> float:
    """The weights of the different words that are wanted, each once."""
    once = {span.parts[0].term: weight for span, weight in zip(found, weights, strict=True)}
    return sum(once.values())


def _extract(text: str, found: Sequence[Span], weights: Sequence[float]) -> str:
    """About SNIPPET_WORDS of `text` around the densest matches."""
    if not found:
        return escape(_fold_space(text[:MAX_WORDLESS_CHARS]))
    first = _best_start(found, weights)
    end = min(first + SNIPPET_WORDS, len(found))
    starts_text, ends_text = first == 0, end == len(found)
    extract = _marked(
        text,
        0 if starts_text else found[first].start,
        len(text) if ends_text else found[end - 1].end,
        found[first:end],
        weights[first:end],
    )
    return ("" if starts_text else _ELLIPSIS) + extract + ("" if ends_text else _ELLIPSIS)


def _best_start(found: Sequence[Span], weights: Sequence[float]) -> int:
    """The word to begin at: the extract from there has the most of the different wanted words."""
    best_weight, best_at = 0.0, 0
    for at, weight in enumerate(weights):
        if weight:
            end = at + SNIPPET_WORDS - LEAD_WORDS
            window = _distinct(found[at:end], weights[at:end])
            if window > best_weight:
                best_weight, best_at = window, at
    latest = max(0, len(found) - SNIPPET_WORDS)
    return min(max(0, best_at - LEAD_WORDS), latest)


def _marked(
    text: str, start: int, end: int, found: Sequence[Span], weights: Sequence[float]
) -> str:
    pieces: list[str] = []
    at = start
    for span, weight in zip(found, weights, strict=True):
        if weight:
            pieces.append(escape(text[at : span.start]))
            pieces.append(f"<mark>{escape(text[span.start : span.end])}</mark>")
            at = span.end
    pieces.append(escape(text[at:end]))
    return _fold_space("".join(pieces))


def _fold_space(text: str) -> str:
    return " ".join(text.split())
