"""Rules for what Python-Markdown's extensions add, as sites of MkDocs and Pelican use them.

Blocks whose contents are indented (`!!! note`, `??? tip`, `=== "Tab"`), included snippets, and the
mark for a table of contents. The signatures are those that the Markdown parser asks for.
"""

import re

from markdown_it.rules_block import StateBlock

INDENT = 4
"""How far the contents of a block stand in from its first line."""

_ADMONITION = re.compile(
    r"(?:!!!|\?\?\?\+?)[ \t]+[A-Za-z][\w-]*(?:[ \t]+[\w-]+)*[ \t]*(?:[\"']([^\n]*)[\"'])?[ \t]*"
    r"|===[!+]*[ \t]+\"([^\"\n]+)\"[ \t]*"
)
_SNIPPET = re.compile(r"[ \t]*;*-{1,5}8<-{1,5}(?:[ \t]+\S[^\n]*)?[ \t]*")
_CONTENTS_MARK = re.compile(r"\[(?:TOC|toc|_TOC_)\]|\[\[_?(?:TOC|toc)_?\]\]")


def indented_block_rule(state: StateBlock, line: int, end_line: int, silent: bool) -> bool:
    """An admonition or a content tab: its title as a paragraph, and what is indented below it."""
    pos = state.bMarks[line] + state.tShift[line]
    if state.is_code_block(line) or not state.src.startswith(("!!!", "???", "==="), pos):
        return False
    opening = _ADMONITION.fullmatch(state.src, pos, state.eMarks[line])
    after = line_after_indented(state, line + 1, end_line)
    if opening is None or after is None:
        return False
    if silent:
        return True
    state.push("indented_open", "div", 1).map = [line, after]
    title = (opening[1] or opening[2] or "").strip()
    if title:
        state.push("paragraph_open", "p", 1).map = [line, line + 1]
        token = state.push("inline", "", 0)
        token.content, token.map, token.children = title, [line, line + 1], []
        state.push("paragraph_close", "p", -1)
    parse_indented(state, line + 1, after)
    state.push("indented_close", "div", -1)
    state.line = after
    return True


def snippet_rule(state: StateBlock, line: int, end_line: int, silent: bool) -> bool:
    """An included snippet, `--8<-- "file"`, or a block of them between two such marks."""
    pos = state.bMarks[line] + state.tShift[line]
    if "8<" not in state.src[pos : pos + 10] or state.is_code_block(line):
        return False
    if not _SNIPPET.fullmatch(state.src, pos, state.eMarks[line]):
        return False
    after = line + 1
    if state.src[pos : state.eMarks[line]].rstrip().endswith("-"):
        while after < end_line and not _is_snippet(state, after):
            after += 1
        if after == end_line:
            return False  # nothing closes it
        after += 1
    if not silent:
        state.line = after
    return True


def contents_rule(state: StateBlock, line: int, _end_line: int, silent: bool) -> bool:
    """The mark that a table of contents is put in the place of, alone on its line."""
    pos = state.bMarks[line] + state.tShift[line]
    if state.src[pos : pos + 1] != "[" or state.is_code_block(line):
        return False
    mark = _CONTENTS_MARK.match(state.src, pos, state.eMarks[line])
    if mark is None or state.src[mark.end() : state.eMarks[line]].strip():
        return False
    if not silent:
        state.line = line + 1
    return True


def _is_snippet(state: StateBlock, line: int) -> bool:
    return _SNIPPET.fullmatch(state.src, state.bMarks[line], state.eMarks[line]) is not None


def line_after_indented(state: StateBlock, line: int, end_line: int) -> int | None:
    """The line after all that is indented from `line` on; None if nothing is."""
    after = None
    while line < end_line:
        if not state.isEmpty(line):
            if state.sCount[line] < state.blkIndent + INDENT:
                break
            after = line + 1
        line += 1
    return after


def parse_indented(state: StateBlock, line: int, end_line: int) -> None:
    """Parses the lines as a document of its own, without their indent."""
    line_max, parent, indent = state.lineMax, state.parentType, state.blkIndent
    state.lineMax, state.parentType, state.blkIndent = end_line, "root", indent + INDENT
    state.md.block.tokenize(state, line, end_line)
    state.lineMax, state.parentType, state.blkIndent = line_max, parent, indent
