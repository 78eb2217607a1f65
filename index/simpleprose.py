"""Running text as simple as most is, read without the parser: in a fraction of its time.

Half of the work of a build was to look, at each star and bracket, for everything that could begin
there. A text of words, escapes, single-level emphasis, code and plain links leaves no choice; one
expression finds its pieces. All else is left to the parser.
"""

import re
from html import escape

from index.prose import BREAKS, Prose, ProseWriter

_PUNCTUATION = re.escape("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_ESCAPE = re.compile(rf"\\([{_PUNCTUATION}])")
_INERT = r"(?<=[A-Za-z0-9])_+(?=[A-Za-z0-9])|:(?!::|[a-z]+-)|~(?<!~~)(?!~)|!(?!\[)"
_LABEL = rf"(?:[^\[\]\\`*_<&{{~!:\n\r]|\\[{_PUNCTUATION}]|{_INERT})*"
_SIMPLE_PIECE = re.compile(
    rf"""
    (?P<text>(?:[^\\`*_\[<&{{~!:\n\r]+|{_INERT}|&(?![\#A-Za-z])|<(?=[\s\d=]))+)
    |(?P<escape>\\[{_PUNCTUATION}])
    |\[(?:(?![!^])(?P<label>{_LABEL})|\*\*(?=[A-Za-z0-9])(?P<strong>{_LABEL})(?<=[A-Za-z0-9])\*\*)\]
        \((?P<target>[^\s()<>\\;{{}}"'`\[\]]+)\)
    |(?P<hardbreak>\r)
    |(?P<softbreak>\n)
    |(?P<code>(?<!`)`[^`\n\r]+`(?!`))
    |(?P<mark>(?<!\*)\*\*?(?!\*))
    """,
    re.VERBOSE,
)
"""What a simple paragraph is made of, piece by piece. All else is left to the parser. There are no
possessive quantifiers, which Python gets wrong before 3.11.5 where they are nested."""

_PLAIN = re.compile(r"[^\\`*_\[<&{~!:\n\x1e]*")
_HARD_BREAK = re.compile(r"(?<=[^ \n]) {2,}\n[ \t]*")
_AROUND_BREAK = re.compile(r" ?\n[ \t]*")
_EMPHASIS = {"*": ("<em>", "</em>"), "**": ("<strong>", "</strong>")}


def read_simple(content: str) -> Prose | None:
    """The prose of a paragraph or heading as written; None if it has what only the parser reads.

    It is what the parser's tokens come to by `read_inline`.
    """
    if _PLAIN.fullmatch(content):
        return Prose(" ".join(content.split()), (), escape(content))
    if "\n" in content:
        content = _AROUND_BREAK.sub("\n", _HARD_BREAK.sub("\r", content))
    writer = ProseWriter()
    opened = ""
    pos = 0
    for found in _SIMPLE_PIECE.finditer(content):
        if found.start() != pos:
            return None
        pos = found.end()
        if found.lastgroup != "mark":
            _write_piece(found, writer)
            continue
        mark = found[0]
        if opened not in {"", mark} or _flanking(content, found) != ("right" if opened else "left"):
            return None
        writer.html.append(_EMPHASIS[mark][bool(opened)])
        opened = "" if opened else mark
    return writer.finished() if pos == len(content) and not opened else None


def _write_piece(found: re.Match[str], writer: ProseWriter) -> None:
    kind = found.lastgroup
    if kind == "text":
        writer.write(found[0])
    elif kind == "escape":
        writer.write(found[0][1:])
    elif kind == "target":
        _write_link(found, writer)
    elif kind == "code":
        writer.text.append(_code_content(found[0]))
        writer.html.append(f"<code>{escape(writer.text[-1])}</code>")
    else:
        writer.text.append(" ")
        writer.html.append(BREAKS[str(kind)])


def _write_link(found: re.Match[str], writer: ProseWriter) -> None:
    strong = found["strong"]
    writer.open_link(found["target"], is_shown=True)
    if strong is not None:
        writer.html.append(_EMPHASIS["**"][0])
    writer.write(_ESCAPE.sub(r"\1", found["label"] if strong is None else strong))
    if strong is not None:
        writer.html.append(_EMPHASIS["**"][1])
    writer.close_link()


def _flanking(content: str, mark: re.Match[str]) -> str:
    """Whether stars can only begin an emphasis ("left") or only end one ("right"); else neither.

    By what CommonMark calls left- and right-flanking: no space inside, and beside a sign inside
    there is a space or a sign outside.
    """
    before, after = content[: mark.start()][-1:], content[mark.end() :][:1]
    if any(not (char.isascii() or char.isalnum()) for char in before + after):
        return ""  # may be a space or a sign of some script
    is_left = bool(after.strip()) and (after.isalnum() or not before.isalnum())
    is_right = bool(before.strip()) and (before.isalnum() or not after.isalnum())
    return "" if is_left == is_right else "left" if is_left else "right"


def _code_content(code: str) -> str:
    """What a code span says: without its marks, and one space on either side if there are both."""
    inner = code[1:-1]
    has_spaces = inner.startswith(" ") and inner.endswith(" ") and bool(inner.strip(" "))
    return inner[1:-1] if has_spaces else inner
