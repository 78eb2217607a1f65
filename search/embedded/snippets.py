"""For each hit the section that answers, and about thirty words of it with the matches marked.

Matches are known by their positions from the postings, and words by theirs in the stored texts, so
that nothing is analysed here and only the bytes that are shown are read.
"""

from collections.abc import Mapping, Sequence, Set
from html import escape
from typing import Final, NamedTuple

from index.analysis import fold
from index.layout import SECTION_FIELDS
from search.embedded.findings import ClauseMatch
from search.embedded.highlights import PageMatches, UnitMatches
from search.embedded.snapshot import Snapshot
from search.embedded.texts import Extent

SNIPPET_WORDS: Final = 30
"""Two or three lines: enough to judge a hit by, few enough to read ten."""

LEAD_WORDS: Final = 6
"""How many words stand before the first match, where there are as many."""

TITLE_SHARE: Final = 0.5
"""What a match in a section's heading adds, beside one in its text: it decides between sections
that say as much, and a heading alone does not answer."""

MAX_WORDLESS_BYTES: Final = 200
"""The extract of a text without words (a row of symbols) is cut about here."""

_ELLIPSIS = "…"
_MARK, _MARK_END = b"\xfe", b"\xff"  # stand in no UTF-8
_MARK_SHOWN, _MARK_END_SHOWN = "\udcfe", "\udcff"
_HEADING, _PROSE, _CODE = map(SECTION_FIELDS.index, ("headings", "body", "code"))


OTHER_SECTIONS: Final = 2
"""So many more sections of a post are named at most."""

OTHER_SECTION_SHARE: Final = 0.5
"""Of what the section that answers has, so much is in another one's heading at the least: a
heading that names it is worth a look, a text that mentions it is not."""


class Snippet(NamedTuple):
    """The number of the section that answers, the marked extract, and other sections that do.

    The extract is escaped, with no markup but `<mark>`.
    """

    section: int | None
    html: str
    others: tuple[int, ...] = ()


class Marker:
    """Finds and marks what clauses have matched, in the documents of one page of hits."""

    def __init__(
        self, clauses: Sequence[ClauseMatch], page: Sequence[int], snapshot: Snapshot
    ) -> None:
        self._texts = snapshot.texts
        self._matches = PageMatches(clauses, page, snapshot)
        terms = (snapshot.postings.terms[number] for each in clauses for number in each.sequence)
        self._characters = frozenset(term for term in terms if len(term) == 1)

    def title(self, doc: int) -> str:
        """A document's title, escaped, with the matches in `<mark>`."""
        unit = self._texts.head_unit(doc, "title")
        return self._marked(unit, self._texts.unit(unit), self._matches.positions_in(unit))

    def snippet(self, doc: int) -> Snippet:
        """The section with the most of what is wanted, the earliest among equals, and its extract.

        Prose comes before code. Where no section has any of it (the match is in the title or a
        tag), there is no section, and the extract is the beginning of the summary, or else of the
        text. Others are the next best of those with much of it in their headings.
        """
        first_unit = self._texts.first_section_unit(doc)
        matched = [unit for unit in self._matches.units_of(doc) if unit >= first_unit]
        for kind in (_PROSE, _CODE):
            weights = self._section_weights(matched, first_unit, kind)
            if weights:
                section = max(weights, key=lambda section: weights[section])
                unit = first_unit + section * len(SECTION_FIELDS) + kind
                others = self._others(section, weights, first_unit)
                return Snippet(section, self._extract(unit), others)
        unit = self._lead_unit(doc)
        return Snippet(None, self._extract(unit))

    def _section_weights(
        self, matched: Sequence[int], first_unit: int, kind: int
    ) -> dict[int, float]:
        """What each section with a match has in its heading and in its prose or code."""
        weights: dict[int, float] = {}
        for unit in matched:
            section, field = divmod(unit - first_unit, len(SECTION_FIELDS))
            share = TITLE_SHARE if field == _HEADING else float(field == kind)
            if share:
                weights[section] = weights.get(section, 0.0) + share * self._matches.weights[unit]
        return weights

    def _others(self, best: int, weights: Mapping[int, float], first_unit: int) -> tuple[int, ...]:
        """Sections beside the best one, the weightiest first, the earliest among equals."""
        least = OTHER_SECTION_SHARE * weights[best]
        in_headings = {
            section: self._matches.weights.get(
                first_unit + section * len(SECTION_FIELDS) + _HEADING, 0.0
            )
            for section in weights
            if section != best
        }
        fitting = [section for section, weight in in_headings.items() if weight >= least]
        return tuple(sorted(fitting, key=lambda at: (-weights[at], at))[:OTHER_SECTIONS])

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

    def _extract(self, unit: int) -> str:
        """About SNIPPET_WORDS of a unit around the densest matches."""
        texts, matched = self._texts, self._matches.matches_in(unit)
        positions, whole = texts.positions(unit), texts.unit(unit)
        if not positions:
            return _fold_space(escape(texts.read_some(whole, MAX_WORDLESS_BYTES)))
        latest = max(positions.start, positions.stop - SNIPPET_WORDS)
        densest = _densest(matched) if matched.positions else positions.start
        first = min(max(positions.start, densest - LEAD_WORDS), latest)
        end = min(first + SNIPPET_WORDS, positions.stop)
        starts_text, ends_text = first == positions.start, end == positions.stop
        (shown_from, _), (_, shown_to) = texts.words(unit, (first, end - 1))
        if starts_text:
            shown_from = whole[0]
        if ends_text:
            shown_to = whole[1]
        extract = self._marked(
            unit, (shown_from, shown_to), [at for at in matched.positions if first <= at < end]
        )
        return ("" if starts_text else _ELLIPSIS) + extract + ("" if ends_text else _ELLIPSIS)

    def _marked(self, unit: int, shown: Extent, positions: Sequence[int]) -> str:
        """Some bytes of a unit, escaped, with the words at `positions` in `<mark>`."""
        raw, origin = self._texts.raw(shown), shown[0]
        extents = self._texts.words(unit, positions)
        if self._characters:
            extents = [_narrowed(extent, origin, raw, self._characters) for extent in extents]
        pieces: list[bytes] = []
        at = 0
        for start, end in _merged(extents):
            first, at, before = start - origin, end - origin, at
            pieces += (raw[before:first], _MARK, raw[first:at], _MARK_END)
        pieces.append(raw[at:])
        text = _fold_space(b"".join(pieces).decode(errors="surrogateescape"))
        marked = escape(text).replace(_MARK_SHOWN, "<mark>")
        return marked.replace(_MARK_END_SHOWN, "</mark>")


def _densest(matched: UnitMatches) -> int:
    """The position of the match after which the most different matches follow closely."""
    positions, keys, weights = matched.positions, matched.keys, matched.weights
    reach = SNIPPET_WORDS - LEAD_WORDS
    if positions[-1] - positions[0] < reach:
        return positions[0]
    counts: dict[int, int] = {}
    weight, best_weight, best_at = 0.0, 0.0, positions[0]
    start = 0
    # A window over the matches: each moves its end on, and its start up to within reach.
    for end, position in enumerate(positions):
        counts[keys[end]] = counts.get(keys[end], 0) + 1
        weight += weights[end] * (counts[keys[end]] == 1)
        while positions[start] <= position - reach:
            counts[keys[start]] -= 1
            weight -= weights[start] * (counts[keys[start]] == 0)
            start += 1
        if weight > best_weight + 1e-9:
            best_weight, best_at = weight, positions[start]
    return best_at


def _narrowed(extent: Extent, origin: int, raw: bytes, characters: Set[str]) -> Extent:
    """Of a pair of unspaced characters the one that was asked for; other words as they are."""
    start, end = extent
    word = raw[start - origin : end - origin].decode()
    if len(word) != 2 or word.isascii():
        return extent
    at = next((at for at, char in enumerate(word) if fold(char) in characters), None)
    if at is None:
        return extent
    start += len(word[:at].encode())
    return start, start + len(word[at].encode())


def _merged(extents: Sequence[Extent]) -> list[Extent]:
    """Extents in order, those that overlap as one."""
    merged: list[Extent] = []
    last_start = last_end = -1
    for start, end in extents:
        if start < last_end:
            last_end = max(last_end, end)
            merged[-1] = last_start, last_end
        else:
            last_start, last_end = start, end
            merged.append((start, end))
    return merged


def _fold_space(text: str) -> str:
    return " ".join(text.split())
