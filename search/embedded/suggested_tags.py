"""The tags that a text deserves: those of the posts most like it."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from index.analysis import fold, positions_by_term
from search.drafts import Draft
from search.embedded.drafttext import ReadText
from search.embedded.snapshot import Snapshot
from search.related_results import TagSuggestion

MAX_SUGGESTED_TAGS: Final = 5
"""A post with more tags than this is hardly about any of them."""

NEIGHBOURS: Final = 20
"""So many posts vote, each for its own tags, with the square of its likeness. On a blog, three
suggestions meet 1.7 of the tags that the author gave (`python -m bench drafts`); 10 or 40 posts, or
votes that all count alike, are a little worse, and weighing rare tags higher is much worse."""

MENTION_VOTES: Final = 0.1
"""What it adds to a tag's share of the votes that the text has its words."""

MIN_SHARE: Final = 0.1
"""With fewer of the votes, a tag belongs to a neighbour rather than to the text."""

MIN_TAGGED_POSTS: Final = 2
"""A tag that a single post has is no subject of the site yet."""


def suggested_tags(
    draft: Draft, texts: Sequence[ReadText], similarity: npt.NDArray[np.float64], snapshot: Snapshot
) -> tuple[TagSuggestion, ...]:
    """Tags that the draft, read as `texts`, does not have, most deserved first."""
    votes = _votes(similarity, snapshot)
    said = set[str]().union(*(read.uses for read in texts))
    has = {fold(tag) for tag in draft.tags}
    column = snapshot.labels["tags"]
    suggestions = []
    for folded, share in votes.items():
        tag, posts = column.shown(folded), column.posts(folded)
        words = positions_by_term(tag, texts[0].language).keys()
        is_mentioned = bool(words) and words <= said
        score = share + MENTION_VOTES * is_mentioned
        if folded not in has and posts >= MIN_TAGGED_POSTS and score >= MIN_SHARE:
            suggestions.append(TagSuggestion(tag, round(score, 6), posts, is_mentioned))
    suggestions.sort(key=lambda tag: (-tag.score, fold(tag.value)))
    return tuple(suggestions[:MAX_SUGGESTED_TAGS])


def _votes(similarity: npt.NDArray[np.float64], snapshot: Snapshot) -> dict[str, float]:
    """For each tag of the nearest posts, its share of their votes."""
    docnums = np.lexsort((snapshot.newest_rank, -similarity.round(9)))[:NEIGHBOURS]
    weights = similarity[docnums] ** 2
    votes: defaultdict[str, float] = defaultdict(float)
    cast: Any = weights.sum() or 1.0
    for doc, weight in zip(snapshot.documents.several(docnums.tolist()), weights, strict=True):
        for tag in {fold(tag) for tag in doc.tags} if weight else ():
            votes[tag] += float(weight / cast)
    return votes
