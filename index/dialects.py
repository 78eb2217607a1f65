"""What site generators add to Markdown, as rules of the Markdown parser.

Shortcodes and template tags, JSX, directives, notes, includes and attribute lists are taken out of
the text where the parser would otherwise see prose. Since the parser decides what is code, nothing
in a code block or code span is touched.
"""

import re
from itertools import pairwise
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_core import StateCore

from index.blockrules import (
    directive_rule,
    footnote_rule,
    lone_line_rule,
    markup_block_rule,
    modules_rule,
    template_block_rule,
)
from index.inlinerules import (
    braces_rule,
    brackets_rule,
    icon_rule,
    inline_directive_rule,
    tag_rule,
)
from index.pythonmarkdown import contents_rule, indented_block_rule, snippet_rule
from index.simpleprose import read_simple
from index.templates import end_of_template_tag, target_of_template

MAX_NESTING = 30
"""Lists and quotes in one another, two levels to a list; deeper ones would exhaust the stack."""

SIMPLE_PROSE: Final = "simple prose"
"""Where the parser's tokens of running text hold a Prose that was read without it."""

_PARAGRAPH_ENDERS: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}

_JSX_LINE = re.compile(
    r"[ \t]*<[A-Za-z][\w.]*(?:\s[^<>\n]*)?=\{|import\s[^\n]*\sfrom\s+[\"'][^\"'\n]+[\"'];?[ \t]*$"
)
_FENCE_LINE = re.compile(r"[ \t]*(`{3,}|~{3,})")

_HEADING_ATTRIBUTES = re.compile(
    r"(?:^|\s*)(?:\{:?\s*([#.][^{}\n]{0,200})\}|\{/\*\s*(#[\w.:-]{1,200})\s*\*/\})\s*$"
)
_ID = re.compile(r"#([\w.:-]+)")


class DialectMarkdown(MarkdownIt):
    """A CommonMark parser that also knows tables, strikethrough and the generators' additions.

    Link targets stay as written, safe or not: it is for the renderer to pass none that could run.
    """

    def __init__(self, *, is_mdx: bool) -> None:
        super().__init__("commonmark", {"maxNesting": MAX_NESTING})
        self.enable(["table", "strikethrough"])
        block, inline = self.block.ruler, self.inline.ruler
        block.before("table", "lone_line", lone_line_rule)
        block.after("fence", "footnote", footnote_rule, _PARAGRAPH_ENDERS)
        block.after("fence", "directive", directive_rule, _PARAGRAPH_ENDERS)
        block.after("fence", "template", template_block_rule, _PARAGRAPH_ENDERS)
        block.after("fence", "indented", indented_block_rule, _PARAGRAPH_ENDERS)
        block.after("fence", "snippet", snippet_rule, _PARAGRAPH_ENDERS)
        block.after("fence", "contents", contents_rule, _PARAGRAPH_ENDERS)
        block.after("fence", "modules", modules_rule, _PARAGRAPH_ENDERS)
        block.at("html_block", markup_block_rule, {"alt": ["paragraph", "reference", "blockquote"]})
        inline.at("html_inline", tag_rule)
        inline.before("escape", "braces", braces_rule)
        inline.before("escape", "brackets", brackets_rule)
        inline.before("escape", "icon", icon_rule)
        inline.before("escape", "inline_directive", inline_directive_rule)
        self.core.ruler.after("block", "heading_ids", _heading_ids)
        self.core.ruler.at("inline", _inline)
        self.helpers = _Helpers(self.helpers)  # type: ignore[assignment] # a module there
        if is_mdx:
            self.disable("code")  # MDX has no code by indentation: components are indented

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - the parser's name
        """The target as written."""
        return url

    def validateLink(self, url: str) -> bool:  # noqa: ARG002, N802 - the parser's name
        """Any target makes a link, so that no markup stays in the text."""
        return True


def looks_like_mdx(body: str) -> bool:
    """Whether a body imports components or gives them values in braces, outside fenced code."""
    fence = ""
    for line in body.split("\n"):
        mark = _FENCE_LINE.match(line)
        if mark:
            run = mark[1]
            if not fence:
                fence = run
            elif run.startswith(fence):
                fence = ""
        elif not fence and _JSX_LINE.match(line):
            return True
    return False


class _Helpers:
    """The parser's helpers, with link targets that may be template tags."""

    def __init__(self, helpers: Any) -> None:
        self.parseLinkLabel = helpers.parseLinkLabel
        self.parseLinkTitle = helpers.parseLinkTitle
        self._parse = helpers.parseLinkDestination

    def parseLinkDestination(self, text: str, pos: int, maximum: int) -> Any:  # noqa: N802 - as above
        """The target at `pos`, template tags in it reduced to what they lead to."""
        if not text.startswith(("{{", "{%"), pos):
            return self._parse(text, pos, maximum)
        end = end_of_template_tag(text, pos)
        if end is None or end > maximum:
            return self._parse(text, pos, maximum)
        rest = self._parse(text, end, maximum)
        tail = rest.str if rest.ok else ""
        rest.pos = max(rest.pos, end)
        rest.str = target_of_template(text[pos:end]) + tail
        rest.ok = True
        return rest


def _inline(state: StateCore) -> None:
    """Parses running text; what is simple has its prose instead of tokens, as SIMPLE_PROSE."""
    for token in state.tokens:
        if token.type != "inline":
            continue
        prose = read_simple(token.content)
        if prose is not None:
            token.meta[SIMPLE_PROSE] = prose
            continue
        if token.children is None:
            token.children = []
        state.md.inline.parse(token.content, state.md, state.env, token.children)


def _heading_ids(state: StateCore) -> None:
    """Takes `{#id}` and `{.class}` off the ends of headings, and keeps the id."""
    for opening, token in pairwise(state.tokens):
        if opening.type != "heading_open" or "{" not in token.content:
            continue
        written = _HEADING_ATTRIBUTES.search(token.content, max(0, len(token.content) - 300))
        if written is None:
            continue
        found = _ID.search(written[1] or written[2])
        if found:
            opening.meta["id"] = found[1]
        token.content = token.content[: written.start()].rstrip()
