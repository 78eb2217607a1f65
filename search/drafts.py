"""A text that is no post: a draft, a paragraph."""

from dataclasses import dataclass
from typing import Final

MAX_DRAFT_CHARS: Final = 100_000
"""A draft is read this far: several times as long as a long post."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known of a text that is no post; `text` is plain, paragraphs parted by a newline.

    `links` are the paths or urls that it links to already. `lang` is its language, such as `de`;
    without one it is read in the language of most posts. `path` is where it is published, or will
    be: a post there is the draft itself, and is not suggested to it.
    """

    text: str
    title: str = ""
    tags: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    lang: str = ""
    path: str = ""
