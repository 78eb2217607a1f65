"""How one hit's score came about: parts that add up to it, those of its words field by field."""

from search.embedded.matching import Matches
from search.embedded.scoring import Scores
from search.embedded.snapshot import Snapshot


def explain(doc: int, matches: Matches, scores: Scores, snapshot: Snapshot) -> dict[str, float]:
    """The parts of a document's score by name.

    What its words score is told by field: each word's score is shared out as its uses in the
    fields weigh.
    """
    parts = scores.of(doc)
    words = parts.pop("words", 0.0)
    shares = _shares_by_field(doc, matches, snapshot)
    whole = sum(shares.values())
    by_field = {name: words * share / whole for name, share in shares.items()} if whole else {}
    return by_field | parts


def _shares_by_field(doc: int, matches: Matches, snapshot: Snapshot) -> dict[str, float]:
    """What each field has of the scores of the words that a document has."""
    shares: dict[str, float] = {}
    for clause in matches.wanted:
        weights: dict[str, float] = {}
        for number in clause.terms:
            for field, weight in snapshot.postings.weights_by_field(number, doc).items():
                weights[field] = weights.get(field, 0.0) + weight
        whole = sum(weights.values())
        score = clause.score(doc)
        for field, weight in weights.items():
            shares[field] = shares.get(field, 0.0) + score * weight / whole
    return shares
