"""What is made of a title alone: what it says, how it is typed, and the phrases in it."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from index.analysis import folded_words, tokens
from index.keys import title_key
from index.titlephrases import column_name, title_phrases


class WrittenPhrase(NamedTuple):
    """A phrase: what its column is called, and how the title has it."""

    name: str
    written: str


class AnalyzedTitle(NamedTuple):
    """A title after analysis: its key, its words as a reader may type them, and its phrases.

    A phrase that it has twice is there twice.
    """

    key: str
    typed: str
    phrases: Sequence[WrittenPhrase]

    def to_bytes(self) -> bytes:
        """The whole as bytes that `from_bytes` reads."""
        return json.dumps(self, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> "AnalyzedTitle":
        """What `to_bytes` made bytes of."""
        key, typed, phrases = json.loads(data)
        return cls(key, typed, [WrittenPhrase(*phrase) for phrase in phrases])


class SiteTitles:
    """Takes in the titles of all posts, and keeps what they have in common once.

    `typed` are they as readers may type them, `phrases` the names of each one's phrases, each once;
    `spellings` counts how phrases are written.
    """

    def __init__(self) -> None:
        self.typed: list[str] = []
        self.phrases: list[list[str]] = []
        self.spellings = Counter[WrittenPhrase]()
        self._names: dict[str, str] = {}

    def add(self, title: AnalyzedTitle) -> None:
        """Takes in the title of the next post."""
        self.typed.append(title.typed)
        names = dict.fromkeys(name for name, _ in title.phrases)
        self.phrases.append([self._names.setdefault(name, name) for name in names])
        self.spellings.update(title.phrases)


def analyze_title(title: str, language: str) -> AnalyzedTitle:
    """Takes the title of a post apart, in the language of the post."""
    found = tokens(title, language)
    phrases = [
        WrittenPhrase(
            column_name(phrase.terms),
            " ".join(title[found.starts[phrase.first] : found.ends[phrase.last]].split()),
        )
        for phrase in title_phrases(found, language)
    ]
    return AnalyzedTitle(title_key(title), typed(title), phrases)


def typed(text: str) -> str:
    """The words of a text as a reader may type them."""
    return " ".join(folded_words(text))
