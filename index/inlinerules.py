"""Rules for running text: tags, template tags, marks of notes, footnotes and attribute lists.

Each rule has the signature that the Markdown parser asks for: whether what stands at `state.pos` is
of its kind; if so, `state.pos` is moved past it, and unless `silent` its tokens are pushed.
"""

import re

from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.html_inline import html_inline

from index.facts import facts_of
from index.templates import RAW_TAG, end_of_removed

INLINE_DIRECTIVE = re.compile(
    r":::[ \t]*[A-Za-z][\w-]*"
    r"(?:\s+[\w-]+[ ]?=[ ]?(?:\"[^\"]{0,2000}\"|[^\s\":]{1,200})){0,30}\s*:::(?!:)"
)
ALT_TEXT = re.compile(r"\balt-text=\"([^\"]*)\"")
_ALERT = re.compile(
    r"\[!(?:note|tip|important|warning|caution|danger|info|success|question|failure|bug|example|"
    r"quote|abstract|summary|todo|hint|attention|error|faq|help|tldr)\][+-]?(?!\()",
    re.IGNORECASE,
)
_DOCFX = re.compile(
    r"\[!(?:include|code|video|div|notebook|swagger)\b[^\[\]\n]{0,500}"
    r"(?:\[[^\[\]\n]{0,500}\]\([^()\n]{0,500}\)[^\[\]\n]{0,100})?\]",
    re.IGNORECASE,
)
_FOOTNOTE = re.compile(r"\[\^([^\[\]\s]{1,100})\](?!\()")
_ATTRIBUTES = re.compile(r"\{:\s*(?:[.#]|toc\b|[\w-]+=)[^{}\n]{0,500}\}")
_JSX_TEXT = re.compile(r"\{\s*(?:'([^'\n]{0,200})'|\"([^\"\n]{0,200})\"|`([^`\n$]{0,200})`)\s*\}")


def tag_rule(state: StateInline, silent: bool) -> bool:
    """A tag in running text: a token that the renderer passes over, or takes a picture from."""
    text, pos = state.src, state.pos
    if text[pos] != "<":
        return False
    if text[pos + 1 : pos + 2] in {"!", "?"}:
        return html_inline(state, silent)
    if facts_of(state).is_mdx and text.startswith(("<>", "</>"), pos):
        state.pos += 2 if text[pos + 1] == ">" else 3
        return True
    tag = facts_of(state).tags.read(text, pos)
    if tag is None or tag.end > state.posMax:
        return False
    if not silent:
        state.push("tag", "", 0).meta = {"tag": tag}
    state.pos = tag.end
    return True


def braces_rule(state: StateInline, silent: bool) -> bool:
    """Template tags, MDX comments and texts, attribute lists; between `raw` tags nothing is one."""
    text, pos = state.src, state.pos
    if text[pos] != "{":
        return False
    raw = RAW_TAG.match(text, pos)
    if raw:
        if not silent:
            facts_of(state).is_raw = raw[1] is None
        state.pos = raw.end()
        return True
    if facts_of(state).is_raw or (pos and text[pos - 1] == "$"):
        return False
    literal = _JSX_TEXT.match(text, pos)
    if literal:
        if not silent:
            state.append_pending(next(part for part in literal.groups() if part is not None))
        state.pos = literal.end()
        return True
    attributes = _ATTRIBUTES.match(text, pos)
    end = attributes.end() if attributes else end_of_removed(text, pos)
    if end is None or end > state.posMax:
        return False
    state.pos = end
    return True


def brackets_rule(state: StateInline, silent: bool) -> bool:
    """Marks of notes, includes and footnotes; brackets that nothing closes, which are text.

    The parser's own rules would look for the end of each of those anew.
    """
    text, pos = state.src, state.pos
    if not text.startswith(("[", "!["), pos):
        return False
    if state.html_terminator_last("]") < pos:
        if not silent:
            state.append_pending(text[pos])
        state.pos += 1
        return True
    if text[pos] == "!":
        return False
    following = text[pos + 1 : pos + 2]
    found = None
    if following == "!":
        found = _DOCFX.match(text, pos) or (_ALERT.match(text, pos) if pos == 0 else None)
    elif following == "^":
        found = _FOOTNOTE.match(text, pos)
        if found and found[1] not in facts_of(state).footnotes:
            return False
    if found is None or found.end() > state.posMax:
        return False
    state.pos = found.end()
    return True


def inline_directive_rule(state: StateInline, silent: bool) -> bool:
    """`:::image … :::` in a line: its alternative text."""
    if not state.src.startswith(":::", state.pos):
        return False
    found = INLINE_DIRECTIVE.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        alt = ALT_TEXT.search(found[0])
        state.append_pending(alt[1] if alt else "")
    state.pos = found.end()
    return True
