"""A text that is no post: what to read after it, and the tags and links that it deserves."""

from collections.abc import Sequence
from typing import NamedTuple

from index.analysis import fold
from search.drafts import MAX_DRAFT_CHARS, Draft
from search.embedded.drafttext import ReadText
from search.embedded.likeness import Source
from search.embedded.related import related_to_source
from search.embedded.snapshot import Snapshot
from search.embedded.suggested_links import suggested_links
from search.embedded.suggested_tags import suggested_tags
from search.related_results import LinkSuggestion, RelatedPost, TagSuggestion

TITLE_USES = 3
"""How many times a word of the title counts in the text, as for posts."""


class DraftAnswer(NamedTuple):
    """The posts most like a draft, and what it deserves."""

    related: tuple[RelatedPost, ...]
    tags: tuple[TagSuggestion, ...]
    links: tuple[LinkSuggestion, ...]


class ReadDraft(NamedTuple):
    """The title and the text of a draft, analysed."""

    title: ReadText
    body: ReadText


def read_draft(draft: Draft, snapshot: Snapshot) -> ReadDraft:
    """The draft, read as far as MAX_DRAFT_CHARS, and so is its title."""
    language = draft.lang or snapshot.languages[0]
    title, body = (ReadText(text[:MAX_DRAFT_CHARS], language) for text in (draft.title, draft.text))
    return ReadDraft(title, body)


def related_to_draft(draft: Draft, snapshot: Snapshot, limit: int, base_url: str) -> DraftAnswer:
    """The related list of a draft (similar posts, then popular, then newest), tags and links.

    The text is read as far as MAX_DRAFT_CHARS, and so is the title.
    """
    read = read_draft(draft, snapshot)
    source = source_of_draft(read, draft.tags, snapshot)
    published = snapshot.documents.docnum(draft.path) if draft.path else None
    likeness = source.likeness(snapshot)
    if published is not None:
        likeness[published] = 0.0
    return DraftAnswer(
        related_to_source(source, snapshot, limit, base_url, published),
        suggested_tags(draft, read, likeness, snapshot),
        suggested_links(draft, read.body, snapshot, base_url),
    )


def source_of_draft(read: ReadDraft, tags: Sequence[str], snapshot: Snapshot) -> Source:
    """The draft as a source, in every comparison that it has something for."""
    title, body = read
    text = body.telling.copy()
    for term, uses in title.telling.items():
        text[term] += TITLE_USES * uses
    words = snapshot.vectors["text"]
    return Source.of_vectors(
        {
            "text": words.vector(text),
            "mentioned_there": words.vector(title.telling),
            "mentioned_here": words.vector(body.telling),
            "phrases_there": snapshot.title_phrases.named(title.phrases),
            "phrases_here": snapshot.title_phrases.said(body.phrases),
            "tags": snapshot.vectors["tags"].labelled({fold(tag) for tag in tags}),
        },
        snapshot,
    )
