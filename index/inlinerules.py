"""Rules for running text: tags, template tags, marks of notes, footnotes and attribute lists.

Each rule has the signature that the Markdown parser asks for: whether what stands at `state.pos` is
of its kind; if so, `state.pos` is moved past it, and unless `silent` its tokens are pushed.
"""

import re

from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.html_inline import html_inline
from markdown_it.token import Token

from index.facts import facts_of
from index.hexotags import SpeakingTag, speaking_tag_at
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
_BARE_ATTRIBUTES = re.compile(r"\{\s*(?:[.#][A-Za-z]|[A-Za-z][\w-]*=)[^{}\n]{0,500}\}")
_ENDS_OF_MARKUP = frozenset(")]*_`:")
_ICON = re.compile(r":(?:material|octicons|fontawesome|simple)-[a-z0-9-]{1,80}:")
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
    end = _show(state, silent=silent)
    if end is None:
        attributes = _ATTRIBUTES.match(text, pos) or _bare_attributes_at(text, pos)
        end = attributes.end() if attributes else end_of_removed(text, pos)
    if end is None or end > state.posMax:
        return False
    state.pos = end
    return True


def _show(state: StateInline, *, silent: bool) -> int | None:
    """Pushes what a tag, or a text in braces, shows; where it ends, None if it shows nothing."""
    literal = _JSX_TEXT.match(state.src, state.pos)
    if literal:
        if not silent and literal.end() <= state.posMax:
            state.append_pending(next(part for part in literal.groups() if part is not None))
        return literal.end()
    speaking = speaking_tag_at(state.src, state.pos)
    if speaking and not silent and speaking.end <= state.posMax:
        _push_speaking(state, speaking)
    return speaking.end if speaking else None


def _push_speaking(state: StateInline, tag: SpeakingTag) -> None:
    """The tokens of what a tag shows: a picture, a link or plain text."""
    text = Token("text", "", 0, content=tag.text)
    if tag.is_image:
        image = state.push("image", "img", 0)
        image.attrs, image.children = {"src": tag.target}, [text]
        return
    if tag.target:
        state.push("link_open", "a", 1).attrs = {"href": tag.target}
    state.push("text", "", 0).content = tag.text
    if tag.target:
        state.push("link_close", "a", -1)


def _bare_attributes_at(text: str, pos: int) -> re.Match[str] | None:
    """An attribute list without a colon: right behind what it is for, or alone on its line."""
    found = _BARE_ATTRIBUTES.match(text, pos)
    if found is None or (pos and text[pos - 1] in _ENDS_OF_MARKUP):
        return found
    starts_line = pos == 0 or text[pos - 1] == "\n"
    ends_line = found.end() == len(text) or text[found.end()] == "\n"
    return found if starts_line and ends_line else None


def icon_rule(state: StateInline, silent: bool) -> bool:  # noqa: ARG001 - the parser's signature
    """`:material-check:`, the name of a picture that says nothing."""
    found = _ICON.match(state.src, state.pos, state.posMax)
    if found:
        state.pos = found.end()
    return found is not None


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
