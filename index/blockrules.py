"""Rules for blocks: lines of module code, template tags, directives, footnotes, tags and markup.

Each rule has the signature that the Markdown parser asks for: whether the block at `line` is one of
its kind; if so, and not `silent`, `state.line` is moved past it and its tokens are pushed.
"""

import re

from markdown_it.common.html_blocks import block_names
from markdown_it.common.utils import mdTrim
from markdown_it.rules_block import StateBlock, heading
from markdown_it.rules_block.html_block import html_block

from index.facts import facts_of
from index.hexotags import speaking_tag_at
from index.inlinerules import ALT_TEXT, INLINE_DIRECTIVE
from index.pythonmarkdown import INDENT, line_after_indented, parse_indented
from index.templates import code_pair_at, dropped_pair_at, end_of_removed

_WHOLE_BLOCK_NAMES = frozenset({"script", "style", "pre", "textarea", "svg", "table"})
_TABLE_PARTS = frozenset({"thead", "tbody", "tfoot", "tr", "td", "th", "colgroup", "col"})
_BLOCK_NAMES = frozenset(block_names)
_IMPORT = re.compile(
    r"import\b([\w$*{},\s]{0,2000}+)([\"'])[^\"'\n]{1,300}\2[ \t]*;?[ \t]*(?=\n|\Z)"
)
_EXPORT = re.compile(
    r"export\s+(?:const|let|var|default|function|async|class|type|\{|\*)\b|export\s*[{*]"
)
_DIRECTIVE = re.compile(r":{3,}[ \t]*(?:([A-Za-z][\w-]*)|\{)?([^\n]*)")
_LABEL = re.compile(r"\[([^\[\]\n]*)\]")
_FOOTNOTE_START = re.compile(r"\[\^([^\[\]\s]{1,100})\]:[ \t]*")
_MAX_IMPORT_CHARS = 2_500
_MAX_EXPORT_LINES = 500


def _line_start(state: StateBlock, line: int) -> int | None:
    """Where the text of a line begins; None if it is indented as code."""
    if state.is_code_block(line):
        return None
    return state.bMarks[line] + state.tShift[line]


def _line_after(state: StateBlock, line: int, end_line: int, pos: int) -> int | None:
    """The line after the one where `pos` is; None if more text follows there, or it is outside."""
    while line < end_line and state.eMarks[line] < pos:
        line += 1
    if line >= end_line or state.src[pos : state.eMarks[line]].strip():
        return None
    return line + 1


def _push_paragraph(state: StateBlock, content: str, start: int, end: int) -> None:
    state.push("paragraph_open", "p", 1).map = [start, end]
    token = state.push("inline", "", 0)
    token.content, token.map, token.children = content, [start, end], []
    state.push("paragraph_close", "p", -1)


def lone_line_rule(state: StateBlock, line: int, end_line: int, silent: bool) -> bool:
    """A heading, or a line that begins with a letter, with nothing right below.

    Other rules have nothing to say about it; to ask a dozen of them took half of the time.
    """
    after = line + 1
    if silent or (after < state.lineMax and not state.isEmpty(after)):
        return False
    pos = _line_start(state, line)
    if pos is None:
        return False
    first = state.src[pos : pos + 1]
    if first == "#":
        return heading(state, line, end_line, silent)
    if not first.isalpha() or state.src.startswith(("import", "export"), pos):
        return False
    _push_paragraph(state, mdTrim(state.src[pos : state.eMarks[line]]), line, after)
    state.line = after
    return True


def modules_rule(state: StateBlock, line: int, end_line: int, silent: bool) -> bool:
    """ES imports and exports, at the left margin of the document."""
    pos = state.bMarks[line]
    if state.level or state.tShift[line] or not state.src.startswith(("import", "export"), pos):
        return False
    if state.src.startswith("import", pos):
        after = _end_of_import(state, line, end_line)
    else:
        after = _end_of_export(state, line, end_line)
    if after and not silent:
        state.line = after
    return after is not None


def _end_of_import(state: StateBlock, line: int, end_line: int) -> int | None:
    """The line after an import; None if it is prose that begins with that word."""
    pos = state.bMarks[line]
    found = _IMPORT.match(state.src, pos, pos + _MAX_IMPORT_CHARS)
    names = found[1].strip() if found else ""
    if found is None or (names and not names.endswith("from")):
        return None
    return _line_after(state, line, end_line, found.end())


def _end_of_export(state: StateBlock, line: int, end_line: int) -> int | None:
    """The line after an export: where its brackets are closed, or else the first blank one.

    Only in MDX: elsewhere, "export default …" may well be prose.
    """
    facts = facts_of(state)
    tags = facts.tags
    is_export = facts.is_mdx and _EXPORT.match(state.src, state.bMarks[line])
    if not is_export or tags.has_given_up:
        return None
    depth = 0
    limit = min(end_line, line + _MAX_EXPORT_LINES)
    for number in range(line, limit):
        text = state.src[state.bMarks[number] : state.eMarks[number]]
        depth += sum(map(text.count, "({[")) - sum(map(text.count, ")}]"))
        following = state.src[state.bMarks[number + 1] : state.eMarks[number + 1]]
        if depth <= 0 and not following.startswith((" ", "\t", ".", "}", ")")):
            return number + 1
    tags.searched_in_vain(state.eMarks[limit - 1] - state.bMarks[line])
    return next((number for number in range(line, limit) if state.isEmpty(number)), limit)


def template_block_rule(state: StateBlock, line: int, end_line: int, silent: bool) -> bool:
    """Lines that are nothing but template tags or MDX comments, and code between template tags."""
    pos = _line_start(state, line)
    if pos is None or not state.src.startswith(("{{", "{%", "{#", "{/*", "{:"), pos):
        return False
    tags = facts_of(state).tags
    code = None if tags.has_given_up else code_pair_at(state.src, pos)
    if code:
        after = _line_after(state, line, end_line, code.end)
        if after is None:
            tags.searched_in_vain(code.end - pos)
        elif not silent:
            token = state.push("fence", "code", 0)
            token.content, token.info, token.map = code.content, code.language, [line, after]
            state.line = after
        if after:
            return True
    after = _line_after_templates(state, line, end_line, pos)
    if after and not silent:
        state.line = after
    return after is not None


def _line_after_templates(state: StateBlock, line: int, end_line: int, pos: int) -> int | None:
    """The line after the tags that begin at `pos`; None if more than tags stands there."""
    tags = facts_of(state).tags
    while not tags.has_given_up and state.src[pos : pos + 1] == "{":
        end = dropped_pair_at(state.src, pos) or end_of_removed(state.src, pos)
        if end is None or speaking_tag_at(state.src, pos):
            return None
        after = _line_after(state, line, end_line, end)
        if after:
            return after
        tags.searched_in_vain(end - pos)
        pos = state.skipSpaces(end)
    return None


def directive_rule(state: StateBlock, line: int, end_line: int, silent: bool) -> bool:
    """`:::` fences: gone, their contents and titles kept; an image's alternative text too."""
    pos = _line_start(state, line)
    if pos is None or not state.src.startswith(":::", pos):
        return False
    whole = INLINE_DIRECTIVE.match(state.src, pos)
    after = _line_after(state, line, end_line, whole.end()) if whole else None
    if whole and after is None:
        return False  # there is more on the line: prose, with a directive in it
    written = _DIRECTIVE.match(state.src, pos, state.eMarks[line])
    if written is None:
        return False
    if silent:
        return True
    if whole and after:
        state.line = after
        if ALT_TEXT.search(whole[0]):
            _push_paragraph(state, whole[0], line, after)
        return True
    state.line = line + 1
    title = _title_of_directive(written[2]) if written[1] else ""
    if title:
        _push_paragraph(state, title, line, line + 1)
    return True


def _title_of_directive(rest: str) -> str:
    """The title after a directive's name; attributes are none."""
    label = _LABEL.match(rest.strip())
    if label:
        return label[1].strip()
    text = re.sub(r"\{[^{}]*\}", "", rest).strip().rstrip(":").strip()
    return "" if "=" in text else text


def footnote_rule(state: StateBlock, line: int, end_line: int, silent: bool) -> bool:
    """The mark that opens a footnote's text: skipped, and what is indented below it read on."""
    pos = _line_start(state, line)
    if pos is None or not state.src.startswith("[^", pos):
        return False
    mark = _FOOTNOTE_START.match(state.src, pos, state.eMarks[line])
    if mark is None:
        return False
    if silent:
        return True
    has_text = mark.end() < state.eMarks[line]
    after = line_after_indented(state, line + 1, end_line)
    if has_text:
        state.bMarks[line], state.tShift[line] = mark.end(), 0
        if after is None:
            return False  # and so the text is an ordinary paragraph
        state.sCount[line] = state.blkIndent + INDENT
    if after:
        state.push("footnote_open", "div", 1)
        parse_indented(state, line if has_text else line + 1, after)
        state.push("footnote_close", "div", -1)
    state.line = after or line + 1
    return True


def markup_block_rule(state: StateBlock, line: int, end_line: int, silent: bool) -> bool:
    """HTML blocks as in CommonMark; in MDX, and for components, only the tags themselves."""
    pos = _line_start(state, line)
    if pos is None or state.src[pos : pos + 1] != "<":
        return False
    if state.src[pos + 1 : pos + 2] in {"!", "?"}:
        return html_block(state, line, end_line, silent)
    tag = facts_of(state).tags.read(state.src, pos)
    if tag is None:
        return False
    name = tag.name.lower()
    is_block = name in _BLOCK_NAMES or name in _WHOLE_BLOCK_NAMES
    stays_whole = name in _WHOLE_BLOCK_NAMES or name in _TABLE_PARTS or not facts_of(state).is_mdx
    if is_block and stays_whole and not tag.has_braces:
        return html_block(state, line, end_line, silent)
    after = _line_after(state, line, end_line, tag.end)
    is_component = tag.name[0].isupper() or tag.has_braces
    if after is None or (silent and not (is_block or is_component)):
        return False
    if not silent:
        token = state.push("html_block", "", 0)
        token.content, token.map = state.src[pos : tag.end], [line, after]
        state.line = after
    return True
