"""A post's Markdown or MDX, parsed once: its sections, links, and a page's worth of safe HTML."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from markdown_it.token import Token

from index.anchors import Anchors
from index.dialects import SIMPLE_PROSE, DialectMarkdown, looks_like_mdx
from index.facts import Facts
from index.post import Link, Section
from index.prose import Prose, read_html_block, read_inline
from index.tags import TagReader

_MARKDOWN = DialectMarkdown(is_mdx=False)
_MDX = DialectMarkdown(is_mdx=True)

_PLAIN_TAGS = frozenset("ul ol li blockquote table thead tbody tr th td".split())
_LANGUAGE = re.compile(r"[\w+#.-]+")
_OWN_ID = re.compile(r"\{:[^{}\n]*#([\w.:-]+)[^{}\n]*\}")


@dataclass(frozen=True, slots=True)
class Markup:
    """What a body holds.

    `title` is the first heading of the first level, if any. `html` can be put into a page as it
    is: it has no author's markup, no script, no handler, and links and images only to the web, to
    mail and within the site.
    """

    title: str
    sections: tuple[Section, ...]
    links: tuple[Link, ...]
    html: str


def parse_markup(body: str, title: str = "", *, is_mdx: bool = False) -> Markup:
    """The sections, links and HTML of a body, in time linear in its length.

    A first heading that says the same as `title`, or that gives the post its title if `title` is
    empty, opens no section and is not in the HTML.
    """
    is_mdx = is_mdx or looks_like_mdx(body)
    parser = _MDX if is_mdx else _MARKDOWN
    facts = Facts.of(body, is_mdx=is_mdx)
    walk = _Walk(parser.parse(body, facts.as_env()), title, facts.tags)
    walk.run()
    return Markup(walk.h1, walk.finished_sections(), tuple(walk.links), "".join(walk.html))


@dataclass(slots=True)
class _OpenSection:
    title: str = ""
    anchor: str = ""
    level: int = 0
    lines: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)

    def finished(self) -> Section:
        text, code = "\n".join(self.lines), "\n".join(self.code)
        return Section(self.title, self.anchor, self.level, text, code)


@dataclass(slots=True)
class _Walk:
    """Goes through the tokens once, and collects."""

    tokens: Sequence[Token]
    title: str
    tags: TagReader
    h1: str = ""
    sections: list[_OpenSection] = field(default_factory=lambda: [_OpenSection()])
    links: list[Link] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    anchors: Anchors = field(default_factory=Anchors)
    cells: list[str] | None = None

    def run(self) -> None:
        """Fills the lists from the tokens."""
        position = 0
        while position < len(self.tokens):
            token = self.tokens[position]
            kind = token.type
            if kind == "heading_open":
                self._heading(token, self.tokens[position + 1], position)
                position += 2
            elif kind == "paragraph_open":
                self._paragraph(self.tokens[position + 1], is_tight=token.hidden)
                position += 2
            elif kind == "inline":
                self._cell(token)
            elif kind in {"fence", "code_block"}:
                self._code(token.content, token.info)
            elif kind == "html_block":
                self._prose_lines(read_html_block(token.content, self.tags))
            else:
                self._tag(token)
            position += 1

    def finished_sections(self) -> tuple[Section, ...]:
        """The sections, without an opening one that is empty."""
        opening = self.sections[0]
        kept = self.sections if opening.lines or opening.code else self.sections[1:]
        return tuple(section.finished() for section in kept)

    def _heading(self, opening: Token, inline: Token, position: int) -> None:
        prose = _prose_of(inline)
        level = int(opening.tag[1])
        text = prose.text
        anchor = self.anchors.take(text, self._own_id(opening, position))
        self.links.extend(prose.links)
        is_first_h1 = level == 1 and not self.h1 and bool(text)
        if is_first_h1:
            self.h1 = text
            if len(self.sections) == 1 and _same_words(text, self.title or text):
                return
        self.sections.append(_OpenSection(text, anchor, level))
        self.html.append(f'<h{level} id="{escape(anchor)}">{prose.html.strip()}</h{level}>\n')

    def _own_id(self, opening: Token, position: int) -> str:
        """The id written in a heading, or in an attribute list on the line below."""
        if "id" in opening.meta:
            return str(opening.meta["id"])
        below = self.tokens[position + 3 : position + 5]
        if len(below) == 2 and below[0].type == "paragraph_open":
            written = _OWN_ID.match(below[1].content)
            return written[1] if written else ""
        return ""

    def _paragraph(self, inline: Token, *, is_tight: bool) -> None:
        prose = _prose_of(inline)
        self._keep(prose)
        html = prose.html.strip()
        if html:
            self.html.append(html if is_tight else f"<p>{html}</p>\n")

    def _cell(self, inline: Token) -> None:
        prose = _prose_of(inline)
        self.links.extend(prose.links)
        self.html.append(prose.html)
        if self.cells is None:
            self.cells = []
        self.cells.append(prose.text)

    def _code(self, content: str, info: str) -> None:
        code = content.strip("\n")
        if not code.strip():
            return
        self.sections[-1].code.append(code)
        language = _LANGUAGE.match(info.strip())
        attribute = f' class="language-{escape(language[0])}"' if language else ""
        self.html.append(f"<pre><code{attribute}>{escape(code)}\n</code></pre>\n")

    def _prose_lines(self, lines: Sequence[Prose]) -> None:
        for prose in lines:
            if prose.is_code:
                self._code(prose.text, "")
                continue
            self._keep(prose)
            if prose.html.strip():
                self.html.append(f"<p>{prose.html.strip()}</p>\n")

    def _keep(self, prose: Prose) -> None:
        self.links.extend(prose.links)
        if prose.text:
            self.sections[-1].lines.append(prose.text)

    def _tag(self, token: Token) -> None:
        if token.tag == "hr":
            self.html.append("<hr>\n")
            return
        if token.tag not in _PLAIN_TAGS:
            return
        if token.type == "tr_close" and self.cells is not None:
            row = " ".join(cell for cell in self.cells if cell)
            if row:
                self.sections[-1].lines.append(row)
            self.cells = None
        if token.nesting < 0:
            self.html.append(f"</{token.tag}>\n")
            return
        start = token.attrs.get("start") if token.tag == "ol" else None
        attribute = f' start="{int(start)}"' if start is not None else ""
        self.html.append(f"<{token.tag}{attribute}>")


def _prose_of(inline: Token) -> Prose:
    if SIMPLE_PROSE in inline.meta:
        prose: Prose = inline.meta[SIMPLE_PROSE]
        return prose
    return read_inline(inline.children or [])


def _same_words(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
