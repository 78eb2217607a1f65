"""Titles and tags that continue what was typed."""

from bisect import bisect_left
from typing import Final

from index.analysis import fold, spans
from search.embedded.snapshot import Snapshot, document_url
from search.results import Suggestion

MAX_TYPED_WORDS: Final = 12
"""Words past these cannot narrow a choice of titles any more."""

MAX_TAGS: Final = 3
"""Tags at the most, so that titles have room."""


class Completer:
    """Knows the words of every title, and every tag, of one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        entries = {
            (word, doc.docnum) for doc in snapshot.documents for word in _folded_words(doc.title)
        }
        self._entries = sorted(entries)
        everything = snapshot.labels["tags"]
        self._tags = everything.counts(everything.mask(everything.values))

    def complete(self, text: str, limit: int, base_url: str) -> tuple[Suggestion, ...]:
        """Tags that begin so, most used first; then titles with all the typed words.

        The last typed word may be unfinished. Titles that begin as typed come first, then popular
        and featured posts, then the newest.
        """
        words = _folded_words(text)[:MAX_TYPED_WORDS]
        if not words:
            return ()
        tags = self._matching_tags(" ".join(words))[:MAX_TAGS]
        titles = self._matching_titles(words, base_url)
        return tuple([*tags, *titles][:limit])

    def _matching_tags(self, typed: str) -> list[Suggestion]:
        return [
            Suggestion(text=value, kind="tag", path=None, url=None, count=count)
            for value, count in self._tags
            if " ".join(_folded_words(value)).startswith(typed)
        ]

    def _matching_titles(self, words: list[str], base_url: str) -> list[Suggestion]:
        found = self._docnums(words[-1], is_prefix=True)
        for word in words[:-1]:
            found &= self._docnums(word, is_prefix=False)
        documents = self._snapshot.documents
        typed = " ".join(words)

        def rank(docnum: int) -> tuple[bool, bool, int]:
            doc = documents[docnum]
            begins = " ".join(_folded_words(doc.title)).startswith(typed)
            is_chosen = doc.popular or doc.featured
            return (not begins, not is_chosen, int(self._snapshot.newest_rank[docnum]))

        return [
            Suggestion(
                text=documents[docnum].title,
                kind="title",
                path=documents[docnum].path,
                url=document_url(documents[docnum], base_url),
                count=1,
            )
            for docnum in sorted(found, key=rank)
        ]

    def _docnums(self, word: str, *, is_prefix: bool) -> set[int]:
        start = bisect_left(self._entries, (word, -1))
        end_word = word + ("\U0010ffff" if is_prefix else "\0")
        end = bisect_left(self._entries, (end_word, -1), lo=start)
        return {docnum for _, docnum in self._entries[start:end]}


def _folded_words(text: str) -> list[str]:
    return [fold(text[span.start : span.end]) for span in spans(text)]
