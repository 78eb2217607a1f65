"""A line that stands alone is what all rules of the parser together make of it."""

from collections.abc import MutableMapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.dialects import DialectMarkdown
from index.facts import Facts

LINES = [
    *(
        "",
        "",
        "word",
        "Über uns",
        "two words  ",
        "  word",
        "    word",
        "\tword",
        "# Head",
        "## A | b",
    ),
    *(
        "#nohead",
        "#",
        "    # code",
        "- item",
        "  more",
        "1. one",
        "> quote",
        "> # in it",
        ">",
        "---",
    ),
    *(
        "===",
        "a | b",
        "--|--",
        "| x |",
        "```",
        "import x from 'y'",
        "export const a = 1",
        "imports",
    ),
    *(
        "::: note",
        ":::",
        "[^1]: foot",
        "[a]: /b",
        "<div>",
        "</div>",
        "{{< x >}}",
        "{% y %}",
        "- # h",
    ),
    *("word {#id}", "# Head {#id}", "***", "~~~", "* * *", "<Card>", "x\x0b", "a\u00a0"),
]


def parsed(body: str, parser: DialectMarkdown, *, is_mdx: bool) -> list[MutableMapping[str, Any]]:
    facts = Facts.of(body, is_mdx=is_mdx)
    return [token.as_dict() for token in parser.parse(body, facts.as_env())]


@pytest.mark.parametrize("is_mdx", [False, True])
@given(lines=st.lists(st.sampled_from(LINES), max_size=12))
def test_lone_lines_are_what_all_rules_make_of_them(is_mdx: bool, lines: list[str]) -> None:
    body = "\n".join(lines)
    every_rule = DialectMarkdown(is_mdx=is_mdx)
    every_rule.disable("lone_line")
    found = parsed(body, DialectMarkdown(is_mdx=is_mdx), is_mdx=is_mdx)
    assert found == parsed(body, every_rule, is_mdx=is_mdx)
