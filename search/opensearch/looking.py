"""The posts that a search found, looked at closely: laid out, ranked, and cut to a page."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from search.embedded.matching import Matches, match_query, with_documents
from search.embedded.scoring import (
    LOOKED_AT,
    SCORE_DECIMALS,
    Scores,
    order,
    pinned_documents,
    score,
)
from search.engine import SearchOptions
from search.opensearch.asking import Asking, Told
from search.opensearch.searchrequest import Candidate
from search.opensearch.slices import Slice

ROUNDING: Final = 1e-3
"""Scores of the cluster may be off by so much of themselves."""


@dataclass(frozen=True, slots=True)
class Looked:
    """Posts that were looked at: those that match, and what they score."""

    slice: Slice
    matches: Matches
    scores: Scores

    @classmethod
    def at(cls, paths: Iterable[str], asking: Asking, told: Told) -> Self:
        """The posts at some paths, laid out and ranked as the embedded engine does it."""
        query, opened = asking.query, asking.opened
        posts = opened.generation.store.fetch(paths, ("uses",))
        laid_out = Slice(posts, opened.generation, opened.tuning, told.counts)
        matches = match_query(query, laid_out)
        matches = with_documents(matches, pinned_documents(query.text, laid_out))
        is_whole = not asking.options.last_word_is_prefix
        return cls(laid_out, matches, score(matches, query.text, laid_out, is_whole=is_whole))

    def order(self, options: SearchOptions) -> list[int]:
        """The documents in the order of the hits, as far as they were asked for."""
        end = options.offset + options.limit
        found: list[int] = order(self.scores, self.slice, options.sort, end).tolist()
        return found

    def paths(self, docs: Iterable[int]) -> list[str]:
        """The paths of some documents."""
        return [self.slice.posts[doc].path for doc in docs]

    def docnums(self, paths: Iterable[str]) -> list[int]:
        """The documents of those of some posts that match."""
        matched = set(self.matches.docs.tolist())
        numbers = map(self.slice.documents.docnum, paths)
        return [number for number in numbers if number is not None and number in matched]


@dataclass(frozen=True, slots=True)
class Listed:
    """The posts that were looked at; of them the page that was asked for, and the first hit."""

    looked: Looked
    page: list[int]
    first: list[int]

    @classmethod
    def of(cls, asking: Asking, told: Told) -> Self:
        """Of posts that score less than all that were looked at, only those of the page are."""
        options, others = asking.options, told.others
        looked = Looked.at(told.paths, asking, told)
        if not others:
            docs = looked.order(options)
            if not _may_be_tied(looked, docs, told):
                return cls(looked, docs[options.offset :], docs[:1])
            others = asking.order()
        if options.sort == "relevance":
            listed = _merged(looked, others)
        else:
            listed = [candidate.path for candidate in others]
        page = listed[options.offset : options.offset + options.limit]
        if not set(told.paths) >= {*page, *listed[:1]}:
            looked = Looked.at([*told.paths, *page, *listed[:1]], asking, told)
        return cls(looked, looked.docnums(page), looked.docnums(listed[:1]))


def _may_be_tied(looked: Looked, docs: list[int], told: Told) -> bool:
    """Whether posts that were not looked at may score as much as the last of the documents."""
    candidates = told.found.candidates
    if not docs or len(candidates) < LOOKED_AT:
        return False
    (least,) = looked.scores.total_of(docs[-1:])
    return least <= candidates[-1].score * (1 + ROUNDING)


def _merged(looked: Looked, others: list[Candidate]) -> list[str]:
    """All that was found in the order of the hits: what was looked at by the scores found there."""
    docs = looked.matches.docs.tolist()
    near = [
        Candidate(post.path, post.timestamp, total)
        for post, total in zip(
            map(looked.slice.posts.__getitem__, docs), looked.scores.total_of(docs), strict=True
        )
    ]
    known = {post.path for post in looked.slice.posts}
    every = [*near, *(candidate for candidate in others if candidate.path not in known)]
    every.sort(key=lambda each: (-round(each.score, SCORE_DECIMALS), -each.timestamp, each.path))
    return [candidate.path for candidate in every]
