"""How related lists are made, in numbers: what likeness is made of, diversity and age."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

RELATED_WEIGHTS: Final[Mapping[str, float]] = {
    "text": 0.22,
    "mentioned_there": 0.17,
    "mentioned_here": 0.17,
    "phrases_there": 0.18,
    "phrases_here": 0.09,
    "tags": 0.14,
    "categories": 0.03,
}
"""How much each kind of likeness counts. The source's name is mentioned there, in the other's text,
word by word or in phrases; the other's name is mentioned here. A source without something to
compare is judged by the rest, the weights scaled up to add up to 1 again, so that a score is always
from 0 to 1.

Chosen by the links between posts on two blogs and four documentation sites. Weights that were
searched for on five of them did as well on the sixth, and near these nDCG@5 moves by 0.01
(`python -m bench related`). A third of this for tags is 0.02 better by the links on two of the
sites, but a tag of few posts says what links do not: which posts are of one kind. Concepts (SVD)
beside these gain nothing, and would take longer than all the rest."""

MMR_LAMBDA: Final = 0.98
"""How much likeness to the source counts in a list, beside being unlike what the list has already
(maximal marginal relevance, Carbonell and Goldstein 1998). By the links between posts, 0.98 costs
next to nothing; 0.9 loses 0.03 nDCG@5 on a blog."""


@dataclass(frozen=True)
class RelatedTuning:
    """The `[related]` settings; they are applied to lists, so that no index has to be rebuilt.

    `weights` has a number for each kind of likeness. With `half_life_days`, a post so much older
    than the newest one counts half as alike, one twice as old a quarter; with 0, age does not
    matter.
    """

    weights: Mapping[str, float] = field(default_factory=lambda: RELATED_WEIGHTS)
    mmr_lambda: float = MMR_LAMBDA
    half_life_days: float = 0.0
