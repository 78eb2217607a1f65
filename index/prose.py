"""Running text: from a paragraph's tokens, or an HTML block, to plain text, links and safe HTML."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape, unescape
from urllib.parse import quote

from markdown_it.token import Token

from index.post import Link
from index.tags import BREAKING_NAMES, SPACING_NAMES, Tag, TagReader

_SAFE_LINK_SCHEMES = frozenset({"http", "https", "mailto"})
_SAFE_IMAGE_SCHEMES = frozenset({"http", "https"})
_SCHEME = re.compile(r"([^/?#]*?):")
_CONTROLS = re.compile(r"[\x00-\x20\x7f-\x9f\u200b-\u200f\u2028\u2029\ufeff]+")
_URL_SAFE = "%/:=&?~#+!$,;'@()*[]"

_FORMATS = {"em_open": "<em>", "em_close": "</em>", "strong_open": "<strong>"}
_FORMATS |= {"strong_close": "</strong>", "s_open": "<s>", "s_close": "</s>"}
BREAKS = {"softbreak": "\n", "hardbreak": "<br>\n"}
_JOINT = "\x1e"
"""Stands where an alternative text meets its surroundings, until it is known if a space has to."""

_BETWEEN_WORDS = re.compile(rf"(?<=\w){_JOINT}+(?=\w)|(?<=[.,;:!?]){_JOINT}+(?=\w)")
_SILENT_NAMES = frozenset({"script", "style"})
"""Elements whose contents are no text."""


@dataclass(frozen=True, slots=True)
class Prose:
    """A line of text, the links in it, and the HTML that shows it; or a block of code."""

    text: str
    links: tuple[Link, ...] = ()
    html: str = ""
    is_code: bool = False


@dataclass(slots=True)
class ProseWriter:
    """Collects a line; text that stands in a link is also that link's text."""

    text: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    open_link_at: tuple[str, int, bool] | None = None

    def write(self, text: str) -> None:
        """Adds text."""
        self.text.append(text)
        self.html.append(escape(text))

    def space(self) -> None:
        """Adds a space."""
        self.text.append(" ")
        self.html.append(" ")

    def image(self, alt: str, target: str) -> None:
        """Adds a picture, of which the text has the alternative text."""
        self.text.append(f"{_JOINT}{alt}{_JOINT}")
        self.html.append(image_html(alt, target))

    def open_link(self, target: str, *, is_shown: bool) -> None:
        """Begins a link, and ends one that is open: links are not in one another."""
        self.close_link()
        is_shown = is_shown and is_safe(target, _SAFE_LINK_SCHEMES)
        self.open_link_at = (target, len(self.text), is_shown)
        if is_shown:
            self.html.append(f'<a href="{_href(target)}">')

    def close_link(self) -> None:
        """Ends the link that is open, if one is."""
        if self.open_link_at is None:
            return
        target, start, is_shown = self.open_link_at
        self.open_link_at = None
        if is_shown:
            self.html.append("</a>")
        if target and is_safe(target, _SAFE_LINK_SCHEMES):
            self.links.append(Link(target, _one_line(self.text[start:])))

    def finished(self) -> Prose:
        """The line as it is now."""
        self.close_link()
        return Prose(_one_line(self.text), tuple(self.links), "".join(self.html))


def is_safe(target: str, schemes: frozenset[str]) -> bool:
    """Whether a target is within the site or of one of `schemes`, however it is disguised."""
    scheme = _SCHEME.match(_CONTROLS.sub("", unescape(target)))
    return scheme is None or scheme[1].lower() in schemes


def image_html(alt: str, target: str) -> str:
    """An `img` element; its alternative text alone if the target is no image's address."""
    if not target or not is_safe(target, _SAFE_IMAGE_SCHEMES):
        return escape(alt)
    return f'<img src="{_href(target)}" alt="{escape(alt)}" loading="lazy">'


def read_inline(tokens: Sequence[Token]) -> Prose:
    """The prose of a paragraph's or heading's tokens."""
    writer = ProseWriter()
    closed = _closed_silent_names(tokens)
    silenced_by = ""
    for token in tokens:
        tag: Tag | None = token.meta["tag"] if token.type == "tag" else None
        name = tag.name.lower() if tag else ""
        if silenced_by:
            is_end = tag is not None and tag.is_closing and name == silenced_by
            silenced_by = "" if is_end else silenced_by
        elif tag is None:
            _write_token(token, writer)
        elif name in closed and not tag.is_closing and not tag.is_self_closing:
            silenced_by = name
        else:
            _write_tag(tag, writer)
    return writer.finished()


def _write_token(token: Token, writer: ProseWriter) -> None:
    kind = token.type
    if kind == "text":
        writer.write(token.content)
    elif kind == "code_inline":
        writer.text.append(token.content)
        writer.html.append(f"<code>{escape(token.content)}</code>")
    elif kind in BREAKS:
        writer.text.append(" ")
        writer.html.append(BREAKS[kind])
    elif kind == "link_open":
        writer.open_link(str(token.attrs.get("href", "")), is_shown=True)
    elif kind == "link_close":
        writer.close_link()
    elif kind == "image":
        alt = read_inline(token.children or []).text
        writer.image(alt, str(token.attrs.get("src", "")))
    elif kind in _FORMATS:
        writer.html.append(_FORMATS[kind])


def read_html_block(content: str, tags: TagReader) -> list[Prose]:
    """The lines of an HTML block's text, and the code in it, in order.

    `tags` is the reader of the whole document.
    """
    lines: list[Prose] = []
    writer = ProseWriter()
    code: list[str] | None = None
    for part in _parts_of_html(content, tags):
        name = part.name.lower() if isinstance(part, Tag) else ""
        if name == "pre":
            is_closing = isinstance(part, Tag) and part.is_closing
            lines.append(
                Prose("".join(code or ()), is_code=True) if is_closing else writer.finished()
            )
            writer, code = ProseWriter(), None if is_closing else []
        elif code is not None:
            code.append(part if isinstance(part, str) else "\n" if name == "br" else "")
        elif isinstance(part, str):
            writer.write(part if part.strip() else " ")
        elif name in BREAKING_NAMES:
            lines.append(writer.finished())
            writer = ProseWriter()
        else:
            _write_tag(part, writer)
    lines.append(Prose("".join(code), is_code=True) if code else writer.finished())
    return [line for line in lines if line.text.strip() or line.links or line.html.strip()]


def _parts_of_html(content: str, reader: TagReader) -> Iterator[str | Tag]:
    """The texts, entities decoded, and the tags of an HTML block; comments and scripts left out."""
    pos = 0
    text_start = 0
    while (pos := content.find("<", pos)) >= 0:
        end, tag = _markup_at(content, pos, reader)
        if end is None:
            pos += 1
            continue
        if text_start < pos:
            yield unescape(content[text_start:pos])
        if tag:
            yield tag
        pos = text_start = end
    if text_start < len(content):
        yield unescape(content[text_start:])


def _markup_at(content: str, pos: int, reader: TagReader) -> tuple[int | None, Tag | None]:
    """Where what begins at `pos` ends, None if it is text; and the tag, if it is to be seen."""
    for opening, closing in (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<!", ">"), ("<?", "?>")):
        if content.startswith(opening, pos):
            closed = content.find(closing, pos + len(opening))
            return (closed + len(closing) if closed >= 0 else len(content)), None
    tag = reader.read(content, pos)
    if tag is None:
        return None, None
    name = tag.name.lower()
    if name in _SILENT_NAMES and not tag.is_closing and not tag.is_self_closing:
        closed_at = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(content, tag.end)
        return (closed_at.end() if closed_at else len(content)), None
    return tag.end, tag


def _write_tag(tag: Tag, writer: ProseWriter) -> None:
    """What is left of a tag: a picture, a link's target, a space between words."""
    name = tag.name.lower()
    if name in {"img", "image"}:
        writer.image(tag.attributes.get("alt", ""), tag.attributes.get("src", ""))
    elif name == "a" and tag.is_closing:
        writer.close_link()
    elif name == "a" and "href" in tag.attributes and not tag.is_self_closing:
        writer.open_link(tag.attributes["href"], is_shown=False)
    elif name == "a":
        if not tag.is_self_closing:
            writer.open_link("", is_shown=False)
    elif name in BREAKING_NAMES or name in SPACING_NAMES:
        writer.space()


def _closed_silent_names(tokens: Sequence[Token]) -> frozenset[str]:
    """The elements without text whose end is among the tokens."""
    return frozenset(
        token.meta["tag"].name.lower()
        for token in tokens
        if token.type == "tag"
        and token.meta["tag"].is_closing
        and token.meta["tag"].name.lower() in _SILENT_NAMES
    )


def _href(target: str) -> str:
    return escape(quote(_CONTROLS.sub("", target), safe=_URL_SAFE))


def _one_line(parts: Sequence[str]) -> str:
    text = "".join(parts)
    if _JOINT in text:
        text = _BETWEEN_WORDS.sub(" ", text).replace(_JOINT, "")
    return " ".join(text.split())
