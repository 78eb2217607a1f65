"""For each hit the section that answers, and about thirty words of it with the matches marked.

Matches are known by their positions from the postings, and words by theirs in the stored texts, so
that nothing is analysed here and only the bytes that are shown are read.
"""

from collections.abc import Sequence
from html import escape
from typing import Final, NamedTuple

import numpy as np

from index.units import HEAD_FIELDS, SECTION_FIELDS
from search.embedded.clauses import ClauseMatch
from search.embedded.snapshot import Snapshot
from search.embedded.texts import Extent, Texts

SNIPPET_WORDS: Final = 30
"""Two or three lines: enough to judge a hit by, few enough to read ten."""

LEAD_WORDS: Final = 6
"""How many words stand before the first match, where there are as many."""

MAX_USES: Final = 200
"""A term is looked at so many times in one post: a bound on the work for one hit."""

TITLE_SHARE: Final = 0.5
"""What a match in a section's heading adds, beside one in its text: it decides between sections
that say as much, and a heading alone does not answer."""

REPEAT_SHARE: Final = 0.02
"""What each further use of a word adds to a section's weight: breaks ties, never outweighs a
second word."""

STOP_WORD_SHARE: Final = 0.1
"""What a stop word counts, beside words that tell something."""

MAX_WORDLESS_BYTES: Final = 200
"""The extract of a text without words (a row of symbols) is cut about here."""

_ELLIPSIS = "…"
_PROSE, _CODE = (SECTION_FIELDS.index(name) for name in ("body", "code"))
_HEADING = SECTION_FIELDS.index("headings")


class Use(NamedTuple):
    """A match: its position and unit, which word of the query it is, and what that counts."""

    position: int
    unit: int
    key: int
    weight: float


class Snippet(NamedTuple):
    """The number of the section that answers, and the marked extract.

    The extract is escaped, with no markup but `<mark>`.
    """

    section: int | None
    html: str


class Marker:
    """Finds and marks what clauses have matched, in the documents of one page of hits."""

    def __init__(
        self, clauses: Sequence[ClauseMatch], page: Sequence[int], snapshot: Snapshot
    ) -> None:
        self._texts = snapshot.texts
        self._first_units = snapshot.postings.first_units
        self._uses = _uses_by_document(clauses, page, snapshot)

    def title(self, doc: int) -> str:
        """A document's title, escaped, with the matches in `<mark>`."""
        return self._marked_unit(doc, self._texts.head_unit(doc, "title"))

    def snippet(self, doc: int) -> Snippet:
        """The section with the most of what is wanted, the earliest among equals, and its extract.

        Prose comes before code. Where no section has any of it (the match is in the title or a
        tag), there is no section, and the extract is the beginning of the summary, or else of the
        text.
        """
        by_unit: dict[int, list[Use]] = {}
        for use in self._uses.get(doc, ()):
            by_unit.setdefault(use.unit, []).append(use)
        first_unit = int(self._first_units[doc]) + len(HEAD_FIELDS)
        for kind in (_PROSE, _CODE):
            section = _best_section(by_unit, first_unit, kind)
            if section is not None:
                unit = first_unit + section * len(SECTION_FIELDS) + kind
                return Snippet(section, _extract(self._texts, unit, by_unit.get(unit, [])))
        unit = self._lead_unit(doc)
        return Snippet(None, _extract(self._texts, unit, by_unit.get(unit, [])))

    def _lead_unit(self, doc: int) -> int:
        """The summary; without one, the first section with any prose."""
        texts = self._texts
        summary = texts.head_unit(doc, "summary")
        candidates = [
            summary,
            *(texts.section_unit(doc, at, "body") for at in range(texts.section_count(doc))),
        ]
        extents = ((unit, texts.unit(unit)) for unit in candidates)
        return next((unit for unit, (start, end) in extents if end > start), summary)

    def _marked_unit(self, doc: int, unit: int) -> str:
        uses = [use for use in self._uses.get(doc, ()) if use.unit == unit]
        return _marked(self._texts, self._texts.unit(unit), [use.position for use in uses])


def _uses_by_document(
    clauses: Sequence[ClauseMatch], page: Sequence[int], snapshot: Snapshot
) -> dict[int, list[Use]]:
    """The matches in each document of the page, in the order of their positions."""
    postings = snapshot.postings
    starts, ends = postings.extents(np.asarray(page, np.intp))
    found: list[tuple[int, int, float]] = []
    for at, clause in enumerate(clauses):
        weight = clause.idf * (STOP_WORD_SHARE if clause.is_optional else 1.0)
        for number in clause.terms:
            # The forms of a word still being typed are one word of the query.
            key = number if number in clause.sequence else -1 - at
            uses = postings.uses(number)
            firsts = np.searchsorted(uses, starts).tolist()
            lasts = np.searchsorted(uses, ends).tolist()
            for first, last in zip(firsts, lasts, strict=True):
                if first < last:
                    within = uses[first : min(last, first + MAX_USES)].tolist()
                    found.extend((position, key, weight) for position in within)
    found.sort()
    units = postings.units_of(np.array([position for position, _, _ in found], np.int64))
    docs = np.searchsorted(postings.first_units, units, side="right") - 1
    by_document: dict[int, list[Use]] = {}
    for (position, key, weight), unit, doc in zip(
        found, units.tolist(), docs.tolist(), strict=True
    ):
        by_document.setdefault(doc, []).append(Use(position, unit, key, weight))
    return by_document


def _best_section(by_unit: dict[int, list[Use]], first_unit: int, kind: int) -> int | None:
    """The section with the most in its heading and in its prose or code, or None."""
    best, best_weight = None, 0.0
    sections = {
        (unit - first_unit) // len(SECTION_FIELDS): None
        for unit in by_unit
        if unit >= first_unit and (unit - first_unit) % len(SECTION_FIELDS) in {kind, _HEADING}
    }
    for section in sections:
        unit = first_unit + section * len(SECTION_FIELDS)
        uses = by_unit.get(unit + kind, [])
        in_title = by_unit.get(unit + _HEADING, [])
        repeats = sum(use.weight for use in uses)
        weight = _distinct(uses) + REPEAT_SHARE * repeats + TITLE_SHARE * _distinct(in_title)
        if weight > best_weight:
            best, best_weight = section, weight
    return best


def _distinct(uses: Sequence[Use]) -> float:
    """The weights of the different words that are matched, each once."""
    return sum({use.key: use.weight for use in uses}.values())


def _extract(texts: Texts, unit: int, uses: Sequence[Use]) -> str:
    """About SNIPPET_WORDS of a unit around the densest matches."""
    positions, whole = texts.positions(unit), texts.unit(unit)
    if not positions:
        return _escaped(texts.read_some(whole, MAX_WORDLESS_BYTES))
    latest = max(positions.start, positions.stop - SNIPPET_WORDS)
    first = min(max(positions.start, _densest(uses, positions.start) - LEAD_WORDS), latest)
    end = min(first + SNIPPET_WORDS, positions.stop)
    starts_text, ends_text = first == positions.start, end == positions.stop
    shown = Extent(
        whole.start if starts_text else texts.words([first])[0].start,
        whole.end if ends_text else texts.words([end - 1])[0].end,
    )
    marks = [use.position for use in uses if first <= use.position < end]
    extract = _marked(texts, shown, marks)
    return ("" if starts_text else _ELLIPSIS) + extract + ("" if ends_text else _ELLIPSIS)


def _densest(uses: Sequence[Use], otherwise: int) -> int:
    """The position of the match after which the most different matches follow closely."""
    best_weight, best_at = 0.0, otherwise
    for at, use in enumerate(uses):
        end = use.position + SNIPPET_WORDS - LEAD_WORDS
        near: dict[int, float] = {}
        for other in uses[at : at + SNIPPET_WORDS]:
            if other.position < end:
                near[other.key] = other.weight
        weight = sum(near.values())
        if weight > best_weight:
            best_weight, best_at = weight, use.position
    return best_at


def _marked(texts: Texts, shown: Extent, positions: Sequence[int]) -> str:
    """Some bytes of the texts, escaped, with the words at `positions` in `<mark>`."""
    if not positions:
        return _escaped(texts.read(shown))
    pieces: list[str] = []
    at = shown.start
    for start, end in _merged(texts.words(list(positions))):
        pieces.append(escape(texts.read(Extent(at, start))))
        pieces.append(f"<mark>{escape(texts.read(Extent(start, end)))}</mark>")
        at = end
    pieces.append(escape(texts.read(Extent(at, shown.end))))
    return _fold_space("".join(pieces))


def _merged(extents: Sequence[Extent]) -> list[Extent]:
    """Extents in order, those that overlap as one."""
    merged: list[Extent] = []
    for extent in sorted(extents):
        if merged and extent.start < merged[-1].end:
            merged[-1] = Extent(merged[-1].start, max(merged[-1].end, extent.end))
        else:
            merged.append(extent)
    return merged


def _escaped(text: str) -> str:
    return _fold_space(escape(text))


def _fold_space(text: str) -> str:
    return " ".join(text.split())
