"""The internal links that a text deserves: posts that it all but names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

import numpy as np

from search.drafts import Draft
from search.embedded.documents import Document, document_url
from search.embedded.drafttext import ReadText
from search.embedded.snapshot import Snapshot
from search.related_results import LinkSuggestion

MAX_SUGGESTED_LINKS: Final = 5
"""Few and right: an author looks at each of them."""

MAX_CANDIDATES: Final = 60
"""So many posts, those whose names are most in the text, are looked for word by word."""

MIN_TITLE_SHARE: Final = 0.7
"""A stretch of text names a post when it has so much of the weight of the title's words."""

MIN_RARE_WORDS: Final = 1.5
"""It must weigh as much as this many words that no other post has: one everyday word, even where it
is the whole title, is no name."""

MAX_OTHER_WORDS: Final = 3
"""A stretch is longer than the title by so many words at the most."""


class _Stretch(NamedTuple):
    """Part of a text that may carry a link: positions from `first` to `last`, and what it says."""

    weight: float
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A post, the share of its title's weight that a stretch of the text has, and the stretch."""

    doc: Document
    share: float
    stretch: _Stretch


def suggested_links(
    draft: Draft, read: ReadText, snapshot: Snapshot, base_url: str
) -> tuple[LinkSuggestion, ...]:
    """Posts that the draft, whose text is `read`, names and does not link to, the best named first.

    `text` is the stretch of the draft that should carry the link; no two links share any of it.
    """
    linked = _linked(draft, snapshot, base_url)
    candidates = sorted(
        (
            candidate
            for candidate in _candidates(read, snapshot)
            if candidate.doc.docnum not in linked
        ),
        key=lambda candidate: (-candidate.stretch.weight, candidate.doc.path),
    )
    taken: set[int] = set()
    links: list[LinkSuggestion] = []
    for doc, share, stretch in ((c.doc, c.share, c.stretch) for c in candidates):
        positions = range(stretch.first, stretch.last + 1)
        if taken.isdisjoint(positions) and len(links) < MAX_SUGGESTED_LINKS:
            taken.update(positions)
            url = document_url(doc, base_url)
            links.append(
                LinkSuggestion(
                    doc.path,
                    url,
                    doc.title,
                    read.written(stretch.first, stretch.last),
                    round(share, 6),
                )
            )
    return tuple(links)


def _candidates(read: ReadText, snapshot: Snapshot) -> Iterator[_Candidate]:
    block = snapshot.vectors["text"]
    named = snapshot.rows["names"].products(block.vector(read.telling))
    rare = MIN_RARE_WORDS * block.rarest_weight
    for docnum in np.argsort(-named, kind="stable")[:MAX_CANDIDATES].tolist():
        doc = snapshot.documents[docnum]
        weights = block.weights_of(ReadText(doc.title, read.language).telling)
        best = _best_stretch(read, weights)
        share = best.weight / sum(weights.values()) if best.weight else 0.0
        if share >= MIN_TITLE_SHARE and best.weight >= rare:
            yield _Candidate(doc, share, best)


def _best_stretch(read: ReadText, weights: Mapping[str, float]) -> _Stretch:
    """The stretch within a sentence with most of the words' weight; the shortest, the first."""
    best = _Stretch(0.0, 0, 0)
    longest = len(weights) + MAX_OTHER_WORDS
    uses = read.places(weights)
    for end, (last, _) in enumerate(uses):
        seen: set[str] = set()
        weight = 0.0
        sentence = read.sentence(last)
        for first, term in map(uses.__getitem__, range(end, -1, -1)):
            if last - first >= longest or read.sentence(first) != sentence:
                break
            if term not in seen:
                seen.add(term)
                weight += weights[term]
                if (weight, first - last) > (best.weight, best.first - best.last):
                    best = _Stretch(weight, first, last)
    return best


def _linked(draft: Draft, snapshot: Snapshot, base_url: str) -> set[int]:
    """The posts that the draft links to, as paths or as urls, and the draft where it is one.

    Where it isn't known what urls of the site begin with, they may be of any host.
    """
    linked = set()
    base = urlsplit(base_url)
    for target in (*draft.links, draft.path):
        try:
            parts = urlsplit(target)
        except ValueError:
            continue  # brackets that are no address: no link to a post
        path = unquote(parts.path)
        if parts.netloc and base.netloc:
            if _host(parts) != _host(base):
                continue
            path = path.removeprefix(base.path.rstrip("/"))
        for known in (path, path.removesuffix(".html"), path.removesuffix("/index.html")):
            docnum = snapshot.documents.docnum(known) if known else None
            if docnum is not None:
                linked.add(docnum)
    return linked


def _host(parts: SplitResult) -> str:
    return parts.netloc.lower().removeprefix("www.")
