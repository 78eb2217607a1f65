"""What a site's owner says about searching (words, pins, boosts, age) and about related posts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from index.analysis import fold
from index.keys import pin_key
from search.related_tuning import RelatedTuning


@dataclass(frozen=True)
class Tuning:
    """The `[search]` settings; they are applied to queries, so that no index has to be rebuilt.

    `related` has those of related lists.
    `synonyms` are groups of words or phrases that stand for each other. `stop_words` are asked for
    no more than those of the language. `pins` have the paths of the posts that come first for a
    query, and `boosts` what the scores of all posts below a path are multiplied by; the longest
    path counts. With `recency_half_life_days`, a post so much older than the newest one loses half
    of what age can take; with 0, age does not matter.
    """

    synonyms: tuple[tuple[str, ...], ...] = ()
    stop_words: tuple[str, ...] = ()
    pins: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    boosts: Mapping[str, float] = field(default_factory=dict)
    recency_half_life_days: float = 0.0
    related: RelatedTuning = field(default_factory=RelatedTuning)

    @cached_property
    def synonyms_by_word(self) -> Mapping[str, tuple[str, ...]]:
        """For each folded word or phrase the others of its groups, as they are written."""
        others: dict[str, dict[str, None]] = {}
        for group in self.synonyms:
            for one in group:
                alike = dict.fromkeys(other for other in group if fold(other) != fold(one))
                others.setdefault(fold(one), {}).update(alike)
        return {word: tuple(listed) for word, listed in others.items()}

    @cached_property
    def folded_stop_words(self) -> frozenset[str]:
        """The stop words, folded."""
        return frozenset(map(fold, self.stop_words))

    @cached_property
    def paths_by_pin(self) -> Mapping[str, tuple[str, ...]]:
        """The pinned paths by the `pin_key` of their query."""
        return {pin_key(query): paths for query, paths in self.pins.items()}

    def boost(self, path: str) -> float:
        """What the scores of the post at `path` are multiplied by."""
        below = [start for start in self.boosts if _is_below(path, start)]
        return self.boosts[max(below, key=len)] if below else 1.0


def _is_below(path: str, start: str) -> bool:
    folder = "/" + start.strip("/")
    return folder in {"/", path} or path.startswith(folder + "/")
