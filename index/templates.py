"""Template tags in a text: Hugo's shortcodes, those of Liquid, Jinja, Nunjucks, Tera, kramdown."""

import re
from dataclasses import dataclass

MAX_TEMPLATE_TAG_CHARS = 3_000
"""Longer ones are taken for text; the longest real ones embed a picture with its caption."""

MAX_CODE_CHARS = 50_000
"""How far an `endhighlight` or `endcomment` is looked for; longer listings are no reading."""

MAX_COMMENT_CHARS = 5_000
"""Longer MDX comments are taken for text."""

_ENDS = {"{{<": ">}}", "{{%": "%}}", "{%": "%}", "{{": "}}", "{#": "#}"}
_CODE_OPENING = re.compile(
    r"\{%-?\s*(?P<liquid>highlight|codeblock|code)\b(?P<liquid_info>[^%\n]{0,200})%\}"
    r"|\{\{(?P<mark>[<%])\s*(?P<hugo>highlight)\b(?P<hugo_info>[^<>%\n]{0,200})[>%]\}\}"
)
_CODE_CLOSING = re.compile(
    r"\{%-?\s*end(highlight|codeblock|code)\s*-?%\}|\{\{[<%]\s*/\s*(highlight)\s*[>%]\}\}"
)
_LANGUAGE = re.compile(r"\s*(?:lang:)?[\"']?([\w+#.-]+)")
_DROPPED_OPENING = re.compile(r"\{%-?\s*comment\s*-?%\}|\{::comment\}")
_DROPPED_CLOSING = re.compile(r"\{%-?\s*endcomment\s*-?%\}|\{:/(?:comment)?\}")
_KRAMDOWN_TAG = re.compile(r"\{::[a-z]+(?:\s[^{}\n]{0,300})?/?\}|\{:/[a-z]*\}")
_QUOTED = re.compile(r"[\"']([^\"'\n]+)[\"']")
RAW_TAG = re.compile(r"\{%-?\s*(end)?raw\s*-?%\}")
_LINK_TAG = re.compile(r"\{%-?\s*(?:link|post_url|post_path|asset_path)\s+(\S+)")


@dataclass(frozen=True, slots=True)
class CodePair:
    """The code between two template tags, which end before `end`."""

    content: str
    language: str
    end: int


def end_of_template_tag(text: str, pos: int) -> int | None:
    """Where the template tag that begins at `pos` ends; None if none does.

    A comment `{# … #}` needs a space after its opening, so that `{#id}` is none.
    """
    opening = next((mark for mark in _ENDS if text.startswith(mark, pos)), None)
    if opening is None or (opening == "{#" and text[pos + 2 : pos + 3] not in {" ", "-"}):
        return None
    closing = _ENDS[opening]
    closed = text.find(closing, pos + len(opening), pos + MAX_TEMPLATE_TAG_CHARS)
    return closed + len(closing) if closed >= 0 else None


def code_pair_at(text: str, pos: int) -> CodePair | None:
    """The code block made by the template tags that begin at `pos`, if any do."""
    opened = _CODE_OPENING.match(text, pos)
    if opened is None:
        return None
    closed = _CODE_CLOSING.search(text, opened.end(), opened.end() + MAX_CODE_CHARS)
    if closed is None:
        return None
    language = _LANGUAGE.match(opened["liquid_info"] or opened["hugo_info"] or "")
    content = text[opened.end() : closed.start()].strip("\n")
    return CodePair(content + "\n", language[1] if language else "", closed.end())


def dropped_pair_at(text: str, pos: int) -> int | None:
    """Where the template comment that begins at `pos` ends; None if none does."""
    opened = _DROPPED_OPENING.match(text, pos)
    if opened is None:
        return None
    closed = _DROPPED_CLOSING.search(text, opened.end(), opened.end() + MAX_CODE_CHARS)
    return closed.end() if closed else None


def target_of_template(tag: str) -> str:
    """What a template tag in a link's target leads to, as far as it says: a file, or nothing.

    `{{< ref "page.md" >}}` leads to `page.md`, `{% link _posts/x.md %}` to that file, and
    `{{ site.baseurl }}` is the site's own root, so nothing is left of it.
    """
    link = _LINK_TAG.match(tag)
    if link:
        return link[1]
    quoted = _QUOTED.search(tag)
    return quoted[1] if quoted else ""


def end_of_removed(text: str, pos: int) -> int | None:
    """Where the template tag or MDX comment at `pos` ends; None if there is none to remove.

    `raw` tags are left: what stands between them is text.
    """
    if text.startswith("{/*", pos):
        closed = text.find("*/}", pos, pos + MAX_COMMENT_CHARS)
        return closed + 3 if closed >= 0 else None
    kramdown = _KRAMDOWN_TAG.match(text, pos)
    if kramdown:
        return kramdown.end()
    end = end_of_template_tag(text, pos)
    return None if end is None or RAW_TAG.match(text, pos) else end
