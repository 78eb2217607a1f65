"""A post after analysis: its units with their tokens, and what the writers want to know of them."""

from collections.abc import Sequence
from typing import NamedTuple

from index.analysis import Tokens, tokens
from index.units import Unit


class AnalyzedUnit(NamedTuple):
    """A unit of a post, what one use of a term in it counts, and its tokens."""

    field: str
    text: str
    use_weight: float
    tokens: Tokens


class AnalyzedPost:
    """The units of a post, in their order."""

    def __init__(self, units: Sequence[AnalyzedUnit]) -> None:
        self.units = units

    @classmethod
    def of(
        cls, units: Sequence[Unit], use_weights: dict[str, float], language: str
    ) -> "AnalyzedPost":
        """The units analysed; `use_weights` are by field."""
        return cls(
            [
                AnalyzedUnit(field, text, use_weights.get(field, 0.0), tokens(text, language))
                for field, text in units
            ]
        )

    def positions(self) -> dict[str, dict[str, list[int]]]:
        """Where each term stands in each field; the units of a field are a position apart."""
        positions: dict[str, dict[str, list[int]]] = {}
        lengths: dict[str, int] = {}
        for field, _, _, found in self.units:
            by_term = positions.setdefault(field, {})
            start = lengths.get(field, 0)
            for term, position in zip(found.terms, found.positions, strict=True):
                by_term.setdefault(term, []).append(start + position)
            lengths[field] = start + len(found.starts) + 1
        return positions

    def weights(self) -> dict[str, float]:
        """The weights of each term's uses, together."""
        weights: dict[str, float] = {}
        for _, _, use_weight, found in self.units:
            for term in found.terms:
                weights[term] = weights.get(term, 0.0) + use_weight
        return weights
