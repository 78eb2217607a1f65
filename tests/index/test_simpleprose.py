"""What is read without the parser is what the parser reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it.token import Token

from index.dialects import DialectMarkdown
from index.facts import Facts
from index.prose import Prose, read_inline
from index.simpleprose import read_simple

PARSER = DialectMarkdown(is_mdx=False)
MDX = DialectMarkdown(is_mdx=True)
PIECES = [
    *("word", "wörd", "Über ", "x_y", "_", "__", "*", "**", "***", " ", "  ", "\n", "  \n", "\\\n"),
    *("`", "``", "`code`", "` a `", "[", "]", "(", ")", "[a](b)", "[**a_b**](/c_d)", "[*a*](b)"),
    *("[a]", "[a][b]", '[a](b "c")', "[a](<b c>)", "[a](b(c))", "[](x)", "![a](b.png)", "!"),
    *(
        "<",
        "<br>",
        "<b>",
        "< 3",
        "&",
        "&amp;",
        "&copy",
        "& ",
        "~",
        "~~",
        ":",
        "::",
        ":::",
        ":material-x:",
    ),
    *(':::image alt-text="x":::', "{", "{{< x >}}", "{%", "\\", "\\*", "\\_", "\\[", "\\a"),
    *("[!NOTE]", "[^1]", ".", ",", "(", ")", "-", "/", "\u00a0", "\u2014", "1", "javascript:x"),
    *("[a](javascript:x)", "[a](b&amp;c)", "[a](b&c)", "[a\\]b](c)", "\t", "\x1e"),
]


def by_parser(content: str, parser: DialectMarkdown) -> Prose:
    tokens: list[Token] = []
    facts = Facts.of(content, is_mdx=parser is MDX)
    parser.inline.parse(content, parser, facts.as_env(), tokens)
    for token in tokens:  # as the parser's last rule does
        token.type = "text" if token.type == "text_special" else token.type
    return read_inline(tokens)


@pytest.mark.parametrize("parser", [PARSER, MDX], ids=["markdown", "mdx"])
@given(pieces=st.lists(st.sampled_from(PIECES), min_size=1, max_size=9))
def test_what_is_simple_is_what_the_parser_reads(
    parser: DialectMarkdown, pieces: list[str]
) -> None:
    content = "".join(pieces).strip()
    prose = read_simple(content)
    assert prose is None or prose == by_parser(content, parser)


@pytest.mark.parametrize(
    "content",
    [
        "Just words, and signs: a-b (c) 1.5 #x $y ^z = x > y, isn't it?",
        "**Bold** words (*and* others), `code`, and a [link](/to/a_post#x).",
        "Type **HKEY\\_LOCAL\\_MACHINE**; see [**KeSet_Event**](/ddi/nf-wdm-keset_event).",
        "Two lines\nand  \na hard break.",
    ],
)
def test_usual_paragraphs_are_simple(content: str) -> None:
    assert read_simple(content) == by_parser(content, PARSER)


def test_what_asks_for_the_parser_is_left_to_it() -> None:
    for content in (
        "<b>x</b>",
        "![a](b)",
        "&amp;",
        "**a *b* c**",
        "a*b*c",
        "~~x~~",
        "[a]",
        "{{x}}",
    ):
        assert read_simple(content) is None, content
