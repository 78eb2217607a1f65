"""Hexo's tags that say something to the reader: links to posts and files, pictures, labels."""

import re
from dataclasses import dataclass

from index.dates import without_date

MAX_TAG_CHARS = 1_000
"""Longer ones are taken for those of another program, which show nothing."""

_OPENING = re.compile(r"\{%-?[ \t]{0,20}(post_link|asset_link|asset_img|img|link|label)\b")
_ARGUMENT = re.compile(r"'([^'\n]*)'|\"([^\"\n]*)\"|([^\s\"']\S*)")
_FILE = re.compile(r"[^\s,]*[\w)]\.[A-Za-z]{2,5}")
_ADDRESS = re.compile(r"(?:https?://|/|#)\S*")


@dataclass(frozen=True, slots=True)
class SpeakingTag:
    """What a tag shows: a text, with the target that it leads to or the image it stands for."""

    text: str
    target: str = ""
    is_image: bool = False
    end: int = 0


def speaking_tag_at(text: str, pos: int) -> SpeakingTag | None:
    """The tag at `pos` that shows something; None if what is there does not.

    `{% link %}` with one argument is Jekyll's, which stands within a link's target.
    """
    opening = _OPENING.match(text, pos)
    closed = text.find("%}", opening.end(), pos + MAX_TAG_CHARS) if opening else -1
    if opening is None or closed < 0:
        return None
    written = text[opening.end() : closed].rstrip("-").strip()
    name, arguments = opening[1], _arguments(written)
    if not arguments:
        return None
    if name in {"post_link", "asset_link"}:
        shown, target = _link_to_file(arguments)
    elif name == "link":
        shown, target = _link_to_address(arguments)
    elif name == "label":
        shown, target = written.partition("@")[2].strip(), ""
    else:
        shown, target = _image(arguments)
    is_image = name in {"asset_img", "img"}
    if not shown and not (is_image and target):
        return None
    return SpeakingTag(shown, target, is_image, closed + 2)


def _arguments(written: str) -> list[str]:
    found = _ARGUMENT.finditer(written)
    return [next(part for part in match.groups() if part is not None) for match in found]


def _link_to_file(arguments: list[str]) -> tuple[str, str]:
    """A post or file, and what its link says: where nothing is given, the name in words."""
    target, *words = arguments
    if words and words[-1] in {"true", "false"}:
        words.pop()  # whether the title is to be escaped
    name = without_date(target.partition("#")[0].rpartition("/")[2])
    return " ".join(words) or " ".join(re.split(r"[-_\s]+", name)).strip(), target


def _link_to_address(arguments: list[str]) -> tuple[str, str]:
    for position, argument in enumerate(arguments):
        if position and _ADDRESS.fullmatch(argument):
            return " ".join(arguments[:position]), argument
    return "", ""


def _image(arguments: list[str]) -> tuple[str, str]:
    """The alternative text, or else the title, and the file; class names and sizes are passed."""
    for position, argument in enumerate(arguments):
        if _FILE.fullmatch(argument):
            words = [word for word in arguments[position + 1 :] if not word.isdigit()]
            texts = _arguments(words[-1]) if words and '"' in words[-1] else words
            return (texts[-1] if texts else ""), argument
    return "", ""
