"""HTML and JSX tags in a text: where one ends, what it says, and whether it is one at all."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

MAX_TAG_CHARS = 20_000
"""A component with a gallery in its attributes fits; what is not closed by then is no tag."""

MAX_FRUITLESS_CHARS = 2_000_000
"""How far one document is searched, in all, for the ends of things that have none. Past it, what
looks like a tag is text; this keeps the work linear for any input."""

HTML_NAMES = frozenset(
    """a abbr acronym address applet area article aside audio b base bdi bdo big blink blockquote
    body br button canvas caption center cite code col colgroup data datalist dd del details dfn
    dialog dir div dl dt em embed fieldset figcaption figure font footer form frame frameset h1 h2
    h3 h4 h5 h6 head header hgroup hr html i iframe img input ins kbd label legend li link main map
    mark marquee menu meta meter nav nobr noscript object ol optgroup option output p param picture
    pre progress q rp rt ruby s samp script search section select slot small source span strike
    strong style sub summary sup svg table tbody td template textarea tfoot th thead time title tr
    track tt u ul var video wbr""".split()
)

BREAKING_NAMES = frozenset(
    """address article aside blockquote br caption center dd details dialog div dl dt fieldset
    figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main menu nav ol p pre section
    summary table tbody tfoot thead tr ul""".split()
)
"""Elements that end a line of text."""

SPACING_NAMES = frozenset({"td", "th", "option", "button", "label", "input", "img"})
"""Elements that part words without ending the line."""

_NAME = re.compile(r"<(/?)([A-Za-z][\w.:-]*)(?=[\s/>{]|\Z)", re.ASCII)
_PART = re.compile(
    r"""\s*(?:(?P<end>/?>)|(?P<brace>\{)|(?P<name>[A-Za-z_:@#*(\[][^\s"'<>/={}]*)
    (?:\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<open>\{)
    |(?P<bare>[^\s"'=<>`{}]+)))?)""",
    re.VERBOSE,
)
_SPACES = re.compile(r"\s*")
_IN_BRACES = re.compile(
    r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|/\*|[{}]", re.DOTALL
)
_CLOSING_NAME = re.compile(r"</([A-Za-z][\w.:-]*)\s*>", re.ASCII)


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag that ends before `end`; `attributes` without those in braces."""

    name: str
    end: int
    is_closing: bool = False
    is_self_closing: bool = False
    has_values: bool = False
    has_braces: bool = False
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class TagReader:
    """Reads the tags of one document, and knows which of its elements are closed somewhere."""

    closed_names: frozenset[str]
    fruitless_chars: int = 0

    @classmethod
    def of(cls, body: str) -> "TagReader":
        """A reader for the document `body`."""
        return cls(frozenset(_CLOSING_NAME.findall(body)))

    @property
    def has_given_up(self) -> bool:
        """Whether the document has used up the searching it is worth."""
        return self.fruitless_chars > MAX_FRUITLESS_CHARS

    def searched_in_vain(self, chars: int) -> None:
        """Counts characters that were searched for an end that is not there."""
        self.fruitless_chars += chars

    def read(self, text: str, start: int) -> Tag | None:
        """The tag that begins at `start`; None if what begins there is just text.

        A name that HTML does not know makes a tag only with a value, with its own end, or when it
        is closed somewhere: `<Node IP>` and `Vec<T>` are text.
        """
        opened = _NAME.match(text, start)
        if opened is None or self.has_given_up:
            return None
        limit = min(len(text), start + MAX_TAG_CHARS)
        tag = self._read_attributes(text, opened, limit)
        if tag is None:
            return None
        is_tag = (
            tag.name.lower() in HTML_NAMES
            or tag.is_closing
            or tag.is_self_closing
            or tag.has_values
            or tag.name in self.closed_names
        )
        return tag if is_tag else None

    def end_of_braces(self, text: str, start: int, limit: int) -> int | None:
        """Where the braces that open at `start` are closed, quotes heeded; None if nowhere."""
        depth = 0
        pos = start
        while found := _IN_BRACES.search(text, pos, limit):
            pos = found.end()
            if found[0] == "{":
                depth += 1
            elif found[0] == "}":
                depth -= 1
                if depth == 0:
                    return pos
            elif found[0] == "/*":
                closed = text.find("*/", pos, limit)
                if closed < 0:
                    break
                pos = closed + 2
        self.searched_in_vain(limit - start)
        return None

    def _read_attributes(self, text: str, opened: re.Match[str], limit: int) -> Tag | None:
        """The tag whose name is `opened`; None if its attributes do not end in a `>`."""
        attributes: dict[str, str] = {}
        has_values = has_braces = False
        pos = opened.end()
        while part := _PART.match(text, pos, limit):
            pos = part.end()
            if part["end"]:
                return Tag(
                    name=opened[2],
                    end=pos,
                    is_closing=bool(opened[1]),
                    is_self_closing=part["end"] == "/>",
                    has_values=has_values,
                    has_braces=has_braces,
                    attributes=attributes,
                )
            if part["brace"] or part["open"]:
                after = self.end_of_braces(text, pos - 1, limit)
                if after is None:
                    return None
                pos = after
                has_values = has_braces = True
                continue
            value = next(
                (part[kind] for kind in ("double", "single", "bare") if part[kind] is not None),
                None,
            )
            has_values = has_values or value is not None
            if value is not None:
                attributes.setdefault(part["name"].lower(), html.unescape(value))
        stopped = _SPACES.match(text, pos, limit)
        after_spaces = stopped.end() if stopped else pos
        is_open_value = text[after_spaces : after_spaces + 1] == "="
        self.searched_in_vain((limit if is_open_value else after_spaces) - opened.start())
        return None
