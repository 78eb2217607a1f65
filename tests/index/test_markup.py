"""Bodies: what is read of them, what is left out, and that nothing in their HTML can run."""

import sys
from collections.abc import Callable
from html.parser import HTMLParser
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.markup import parse_markup
from index.post import Link, Section


def text_of(body: str, *, is_mdx: bool = False) -> str:
    """All prose of a body, headings left out."""
    return "\n".join(section.text for section in parse_markup(body, is_mdx=is_mdx).sections)


def code_of(body: str) -> str:
    return "\n".join(section.code for section in parse_markup(body).sections if section.code)


def test_a_section_goes_from_its_heading_to_the_next() -> None:
    markup = parse_markup(
        "Intro.\n\n## One\n\nText one.\n\n- a\n- b\n\n```sh\nrun\n```\n\nTwo\n---\n\n    indented\n"
    )
    assert markup.sections == (
        Section("", "", 0, "Intro."),
        Section("One", "one", 2, "Text one.\na\nb", "run"),
        Section("Two", "two", 2, "", "indented"),
    )


def test_a_first_heading_that_is_the_title_opens_no_section() -> None:
    markup = parse_markup("#  The   TITLE\n\nText.\n\n# The title\n", "The title")
    assert markup.sections == (
        Section("", "", 0, "Text."),
        Section("The title", "the-title-1", 1, ""),
    )
    assert markup.html == '<p>Text.</p>\n<h1 id="the-title-1">The title</h1>\n'


def test_another_first_heading_is_a_section() -> None:
    markup = parse_markup("# Elsewhere\n\nText.\n", "The title")
    assert (markup.title, markup.sections) == (
        "Elsewhere",
        (Section("Elsewhere", "elsewhere", 1, "Text."),),
    )


@pytest.mark.parametrize(
    ("headings", "anchors"),
    [
        ("## Hello, World!\n", ["hello-world"]),
        ("## A & B\n", ["a--b"]),
        ("## C++ and `snake_case`\n", ["c-and-snake_case"]),
        ("## Café Привет 日本\n", ["café-привет-日本"]),
        ("## हिन्दी\n", ["हिन्दी"]),
        (
            "## Usage\n## Usage\n## Usage-1\n## Usage\n",
            ["usage", "usage-1", "usage-1-1", "usage-2"],
        ),
        ("## Own {#my-id}\n## Own\n", ["my-id", "own"]),
        ("## Own {: #my-id .wide}\n", ["my-id"]),
        ("## Own {/* #my-id */}\n", ["my-id"]),
        ("## Own\n{: #my-id}\n", ["my-id"]),
        ("## Own {.wide}\n", ["own"]),
        ("## The `{#id}`\n", ["the-id"]),
        ("## !\n## ?\n", ["section", "section-1"]),
        ("## [Link](x) and ![Alt](y)\n", ["link-and-alt"]),
    ],
)
def test_anchors_are_those_of_the_generators(headings: str, anchors: list[str]) -> None:
    markup = parse_markup(headings)
    assert [section.anchor for section in markup.sections] == anchors
    assert all(f' id="{anchor}"' in markup.html for anchor in anchors)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("One *two* **three** ~~four~~ `five_six`", "One two three four five_six"),
        ("one\ntwo  \nthree", "one two three"),
        ("A [link](x 'title') and [ref][r] and <https://a.example>.\n\n[r]: y", None),
        ("![A cat](c.png) sits", "A cat sits"),
        ("See ![A cat](c.png).", "See A cat."),
        ("a &amp; b &lt;c&gt; &eacute;", "a & b <c> é"),
        ("one <!-- two --> three", "one three"),
        ("<!-- one\n\ntwo -->\n\nthree", "three"),
        ("one <b>two</b><br>three", "one two three"),
        ("<div>\none <i>two</i>\n<p>three</p>\n</div>", "one two\nthree"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ('<p><img src="x.png" alt="A &amp; B"></p>', "A & B"),
        ("<script>\nalert(1)\n\nmore()\n</script>\n\nText", "Text"),
        ("a <style>p { x: y }</style> b", "a b"),
        ("| a | b |\n|---|---|\n| c | d |", "a b\nc d"),
        ("- a\n  - b\n- c", "a\nb\nc"),
        ("> quoted\n> text", "quoted text"),
        ("Text.[^1]\n\n[^1]: The *note*.", "Text.\nThe note."),
        ("A set [^a-z] in prose", "A set [^a-z] in prose"),
    ],
)
def test_text_is_plain(body: str, text: str | None) -> None:
    assert text_of(body) == (text or "A link and ref and https://a.example.")


@pytest.mark.parametrize(
    "body",
    [
        "a < b and c > d",
        "cat <EOF | kubectl apply -f -",
        "Ask <Node IP> for <your-name>",
        "Vec<T>, HashMap<K, V> and Option<Box<dyn Error>>",
        "x <- y <= z <3",
        "export default settings with the menu",
        'println!("{:?} {:>8}", x)',
        "{ braces } and {a: 1} and ${{ x }} and 100%}",
        "[!] and [^] and [x] and :: and a:::b",
        "import this from that, and export it",
        "50% {off} }} {% here",
    ],
)
def test_what_only_looks_like_markup_stays(body: str) -> None:
    assert text_of(body) == body


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("import A from 'a';\nimport {\n  B,\n  C\n} from \"b\"\nimport './x.css'\n\nText", "Text"),
        ("export const a = {\n  b: [1,\n\n  2],\n};\n\nText", "Text"),
        ("export default ({ children }) => <Layout>{children}</Layout>\n\nText", "Text"),
        ("<A b={{ c: '>' }} d=\"e\" />\n\nText", "Text"),
        ('<A\n  {...b.c}\n  d={[\n    { e: "}" },\n\n  ]}\n/>\n\nText', "Text"),
        ("<A>Text *here*</A>", "Text here"),
        ("<Tabs>\n  <Tab name='a'>\n\n    Text\n\n  </Tab>\n</Tabs>", "Text"),
        ("<>Text</>", "Text"),
        ("{/* one\n\n two */}\n\nText {/* three */}here", "Text here"),
        ("{'{'}id{\"}\"}{' '}x", "{id} x"),
    ],
)
def test_mdx_leaves_nothing_but_its_text(body: str, text: str) -> None:
    assert text_of(body, is_mdx=True) == text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("{{< figure src='a' >}}\n\nText", "Text"),
        ("{{< figure\n  src='a'\n>}}\nText", "Text"),
        ("{{% note %}}\nText\n{{% /note %}}", "Text"),
        ("A {{< ref \"b\" >}}c {{ youtube(id='x') }}d", "A c d"),
        ("{% include a.html\n   b='c' %}\n\nText {% if x %}here{% endif %}", "Text here"),
        ("{%- comment -%}\nNo\n\nno\n{%- endcomment -%}\nText", "Text"),
        ("{# no #}Text", "Text"),
        ("{% raw %}{{ x }}{% endraw %} and {{ y }}z", "{{ x }} and z"),
        ("Text\n{: .lead #x}", "Text"),
        ("* Text{: .lead}", "Text"),
        ("Text\n\n<!-- more -->\n\nmore", "Text\nmore"),
        (":::note\nText\n:::", "Text"),
        (":::note A *title*\n\nText\n\n:::\n", "A title\nText"),
        (":::note[A title]{.wide}\nText\n:::", "A title\nText"),
        ("::::a\n:::b\nText\n:::\n::::", "Text"),
        ('::: zone pivot="a"\nText\n::: zone-end', "Text"),
        (':::image type="a" source="b.png" alt-text="A *cat*.":::', "A *cat*."),
        ('A :::image source="b" alt-text="cat"::: sits', "A cat sits"),
        (':::row:::\n:::column span="":::\nText\n:::column-end:::\n:::row-end:::', "Text"),
        ("> [!NOTE]\n> Text", "Text"),
        ("> [!tip]- Title\n> Text", "Title Text"),
        ("A [!INCLUDE [b](c.md)]text", "A text"),
        ('> [!div class="x"]\n> [Next](n.md)', "Next"),
        ("See [!analyze](a.md)", "See !analyze"),
    ],
)
def test_what_generators_add_leaves_nothing_but_its_text(body: str, text: str) -> None:
    assert text_of(body) == text


LITTER = (
    "{{< a >}} {% b %} {: .c} {/* d */} <E f={g} /> <!-- h --> [^1] :::i\n"
    "import J from 'k'\nexport const l = 1\n[!NOTE] &amp; <script>m</script>"
)


@pytest.mark.parametrize("fence", ["```", "~~~~", "```mdx"])
@pytest.mark.parametrize("is_mdx", [False, True])
def test_nothing_in_a_code_block_is_touched(fence: str, is_mdx: bool) -> None:
    body = f"{fence}\n{LITTER}\n{fence.rstrip('mdx')}\n\n[^1]: note\n"
    (section,) = parse_markup(body, is_mdx=is_mdx).sections
    assert (section.code, section.text) == (LITTER, "note")


def test_nothing_in_inline_code_is_touched() -> None:
    for line in LITTER.split("\n"):
        assert text_of(f"x `{line}` y") == f"x {line} y"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("{% highlight rust linenos %}\nlet x = 1;\n\n# no heading\n{% endhighlight %}", None),
        ('{{< highlight rust "x=y" >}}\nlet x = 1;\n\n# no heading\n{{< /highlight >}}', None),
        ("<pre><code>let x = 1;\n\n# no heading</code></pre>", None),
        ("    let x = 1;\n\n    # no heading", None),
        ("- item\n\n  ```\n  let x = 1;\n\n  # no heading\n  ```", None),
        ("<pre>a &lt; b</pre>", "a < b"),
    ],
)
def test_code_is_kept_apart_from_prose(body: str, code: str | None) -> None:
    assert code_of(body) == (code or "let x = 1;\n\n# no heading")
    assert "let" not in text_of(body)


@pytest.mark.parametrize(
    ("body", "links"),
    [
        ("[a *b*](c.md#d 'e')", [Link("c.md#d", "a b")]),
        ("[![alt](i.png)](c)", [Link("c", "alt")]),
        ("<https://a.example/é>", [Link("https://a.example/é", "https://a.example/é")]),
        ("[a][r]\n\n[r]: </b c>", [Link("/b c", "a")]),
        ("## [a](b)", [Link("b", "a")]),
        ("| [a](b) |\n|---|", [Link("b", "a")]),
        ('<p><a href="b?c=1&amp;d">a</a></p>', [Link("b?c=1&d", "a")]),
        ('x <a href="b">a</a> y', [Link("b", "a")]),
        ('[a]({{< ref "b.md" >}})', [Link("b.md", "a")]),
        ("[a]({% link _posts/b.md %})", [Link("_posts/b.md", "a")]),
        ("[a]({{ site.baseurl }}/b)", [Link("/b", "a")]),
        ("[a]({filename}/b.md)", [Link("{filename}/b.md", "a")]),
        ("[a](javascript:b)", []),
    ],
)  # fmt: skip
def test_links_are_kept_as_written(body: str, links: list[Link]) -> None:
    assert list(parse_markup(body).links) == links


ALLOWED_TAGS = set("p h1 h2 h3 h4 h5 h6 ul ol li blockquote pre code em strong s a img br hr table"
                   " thead tbody tr th td".split())  # fmt: skip
ALLOWED_ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt", "loading"},
    "code": {"class"},
    "ol": {"start"},
} | {f"h{level}": {"id"} for level in range(1, 7)}
ALLOWED_SCHEMES = ("http", "https", "mailto")


class Inspector(HTMLParser):
    """Fails on any tag, attribute or target that the pages' HTML must not have."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED_TAGS, tag
        assert {name for name, _ in attrs} <= ALLOWED_ATTRIBUTES.get(tag, set()), attrs
        for name, value in attrs:
            if name in {"href", "src"}:
                scheme, colon, _ = (value or "").partition(":")
                is_scheme = colon and not set(scheme) & set("/?#")
                assert not is_scheme or scheme.lower() in ALLOWED_SCHEMES, value
        if tag not in {"img", "br", "hr"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)


def inspect(body: str, *, is_mdx: bool = False) -> None:
    inspector = Inspector()
    inspector.feed(parse_markup(body, is_mdx=is_mdx).html)
    inspector.close()
    assert inspector.open == []


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ('!!! note "Title"\n\n    One.\n\n    Two.\n\nAfter.\n', "Title\nOne.\nTwo.\nAfter."),
        ("!!! note\n    One.\n    ??? tip\n        Two.\n    Three.\n", "One.\nTwo.\nThree."),
        ("???+ danger inline end 'T'\n    One.\n", "T\nOne."),
        ('=== "A"\n\n    - one\n\n=== "B"\n\n    two\n', "A\none\nB\ntwo"),
        ("Before\n!!! note\n    One.\n", "Before\nOne."),
        ("- item\n\n    !!! note\n        One.\n", "item\nOne."),
        ("!!! wow\nthat is prose\n", "!!! wow that is prose"),
        ("!!!\n\n    code\n", "!!!"),
        ("a\n=== b\n", "a === b"),
        ("--8<-- 'x.md'\n\nOne.\n", "One."),
        ("--8<--\nx.md\n--8<--\nOne.\n", "One."),
        ("--8<--\nnever closed\n", "--8<-- never closed"),
        ("[TOC]\n\nOne [TOC].\n", "One [TOC]."),
        ("[[toc]]\n", ""),
        ("One :material-check-all: two :smile: 10:30:15.\n", "One two :smile: 10:30:15."),
        ("[x](y){ .a #b } and **c**{ key=value } and { .d } e\n", "x and c and { .d } e"),
        ("One.\n{ .card }\n", "One."),
        ("let x = { .a };\n", "let x = { .a };"),
        ("A[^n].\n\n[^n]: One.\n\n    Two.\n\nThree.\n", "A.\nOne.\nTwo.\nThree."),
        ("A[^n].\n\n[^n]:\n    One.\n", "A.\nOne."),
        ("A[^n].\n\n[^n]: One\nand on.\n", "A.\nOne and on."),
        ("{::comment}\nno\n{:/comment}\n\nA {::x y=1 /}b{:/}.\n", "A b."),
        ("See {% post_link a-b/2024-01-02-c-d %}, {% post_link e 'F g' true %}.", "See c d, F g."),
        ('{% asset_img x y.png 10 20 "T" "Alt" %}', "Alt"),
        ('{% img /y.png \'"T" "Alt"\' %}', "Alt"),
        ("{% asset_link a.pdf The paper %} {% link Two words /x %}", "The paper Two words"),
        ("{% label info@new %} {% label %} {% link _posts/a.md %} {% img %}|", "new |"),
        ("`{% post_link a %}` and\n\n    !!! code\n        x\n", "{% post_link a %} and"),
    ],
)
def test_what_mkdocs_hexo_and_kramdown_add_is_read_as_meant(body: str, text: str) -> None:
    assert text_of(body) == text


def test_code_in_a_tab_is_code() -> None:
    body = '=== "sh"\n\n    ```sh\n    run --now\n    ```\n\n        indented\n'
    assert (text_of(body), code_of(body)) == ("sh", "run --now\nindented")


def test_a_heading_in_a_note_is_a_section() -> None:
    (opening, inner) = parse_markup(
        "!!! note\n    One.\n\n    ## Inner {#own}\n\n    Two.\n"
    ).sections
    assert (opening.text, inner.title, inner.anchor, inner.text) == ("One.", "Inner", "own", "Two.")


def test_links_of_tags_are_links() -> None:
    markup = parse_markup("{% post_link a-b %} [x]({% post_path c %}) {% link W /w 'T' %}\n")
    assert markup.links == (Link("a-b", "a b"), Link("c", "x"), Link("/w", "W"))
    assert '<a href="a-b">a b</a>' in markup.html


PAYLOADS = (
    "<script>alert(1)</script>",
    "<ScRiPt src=//x.example></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<a href='javascript:alert(1)' onclick=alert(1)>x</a>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#10;script:alert(1))",
    "[x](&#x6A;avascript:alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x](\x01javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "![x](javascript:alert(1))",
    '![x](data:image/svg+xml;base64,PHN2Zz4= "y")',
    '![x" onerror="alert(1)](y)',
    '[x](y" onclick="alert(1))',
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    '```"><script>alert(1)</script>\ncode\n```',
    "## x {#\"><script>alert(1)</script>}",
    "## <b onclick=alert(1)>x</b>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<pre><script>alert(1)</script></pre>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<A b={'</script><script>alert(1)</script>'} />",
    "{'<script>alert(1)</script>'}",
    "{{< x \"<script>alert(1)</script>\" >}}",
    "{% highlight \"><script> %}<script>alert(1)</script>{% endhighlight %}",
    ':::image alt-text="<script>alert(1)</script>":::',
    "{% post_link javascript:alert(1) x %}",
    "{% link <script>alert(1)</script> https://x.example/\" onclick=\"alert(1) %}",
    "{% img javascript:alert(1).png '\" onerror=\"alert(1)' %}",
    '!!! note "<script>alert(1)</script>"\n    <script>alert(1)</script>',
    "<div><div><div",
    "</p></div></body>",
    "1000000000. x",
)  # fmt: skip


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("is_mdx", [False, True])
def test_nothing_that_could_run_reaches_the_page(payload: str, is_mdx: bool) -> None:
    inspect(payload, is_mdx=is_mdx)
    inspect(f"> - x {payload} y\n>\n> {payload}\n\n| {payload} |\n|---|\n", is_mdx=is_mdx)


@given(
    parts=st.lists(st.sampled_from(PAYLOADS) | st.text(max_size=12), max_size=6),
    joint=st.sampled_from(["", " ", "\n", "\n\n", "\n> ", "\n- ", "\n    ", "`", "[", "<"]),
    is_mdx=st.booleans(),
)
def test_no_mixture_that_could_run_reaches_the_page(
    parts: list[str], joint: str, is_mdx: bool
) -> None:
    inspect(joint.join(parts), is_mdx=is_mdx)


@given(st.text(alphabet="ab \n`*_[]()<>{}!#-|:%/\\'\"=&;^~.", max_size=120), st.booleans())
def test_any_body_is_read(body: str, is_mdx: bool) -> None:
    markup = parse_markup(body, is_mdx=is_mdx)
    anchors = [section.anchor for section in markup.sections if section.level]
    assert all(anchors)
    assert all(section.text == section.text.strip() for section in markup.sections)
    inspect(body, is_mdx=is_mdx)


def calls_made_by(work: Callable[[], Any]) -> int:
    """How many functions are called, Python's and C's: a measure of work without a clock."""
    count = 0

    def profile(_frame: FrameType, event: str, _arg: Any) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(profile)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


REPEATED = (
    "<", "{", "[", "![", "{{<", "{{< ", "{%", "*", "_", "~", "`", "`a", "``a ", "<a ", '<a b="',
    "<a b={", "<A b={`", "<a href=x>y", "</", "<!--", "<![CDATA[", "<?", "<script>", "<pre>",
    "<div>\n", "<T>", "(", "[a](", "[^a]", "&", "\\", "{/*", "{:", "{'", ":::a\n", ':::image x="',
    "# a\n", "|a|b|\n", "- ", "> ", "1. ", "[a]: b\n", "{% highlight x %}\n",
    "> {% highlight x %}\n", "{% comment %}\n", "{% raw %}", "export const a = (\n",
    "export const a = (\n\n", "import {\n", "import a from\n", "<Foo a={\n", "a*_", "[!include ",
    "```\n", "a\n===\n", "<x:y ", "![a](b)", "\u0301", "\t", "\n\n ",
    "!!! a\n", "!!! a\n\n    ", "??? a\n    b\n", '=== "a"\n', "--8<--\n", "--8<-- ", "[TOC]\n",
    "[^a]:\n    ", "[^a]: b\n\n    c\n\n", "{% link ", "{% img '", "{% post_link a", "){ .a", ":material-",
)  # fmt: skip


@pytest.mark.parametrize("unit", REPEATED)
@pytest.mark.parametrize("is_mdx", [False, True])
def test_work_grows_no_faster_than_the_text(unit: str, is_mdx: bool) -> None:
    short, long = (unit * (size // len(unit)) for size in (4_000, 16_000))
    work = calls_made_by(lambda: parse_markup(short, is_mdx=is_mdx))
    more_work = calls_made_by(lambda: parse_markup(long, is_mdx=is_mdx))
    assert more_work < 6 * work + 2_000


@pytest.mark.parametrize("levels", [29, 300])
def test_notes_in_notes_are_no_fault(levels: int) -> None:
    body = "\n".join("    " * level + "!!! note" for level in range(levels))
    assert parse_markup(body + "\n" + "    " * levels + "x").html is not None


@pytest.mark.parametrize("unit", ["- ", "> ", "1. ", "> - ", "[", "*a ", "<div>", "**[", "!["])
def test_ten_thousand_levels_are_no_fault(unit: str) -> None:
    assert parse_markup(unit * 10_000 + "x").html is not None


def test_a_listing_of_lists_keeps_what_is_fourteen_levels_deep() -> None:
    body = "\n".join("  " * level + f"- level {level}" for level in range(14))
    assert text_of(body).split("\n") == [f"level {level}" for level in range(14)]
