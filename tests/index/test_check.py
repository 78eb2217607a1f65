"""The check of posts: each kind of finding where it is due, at its line, and nowhere else."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.check import check_posts
from index.checkfields import MIN_TEXT_CHARS
from index.findings import KINDS, CheckReport
from index.keynames import likely_meant
from index.linkplaces import link_places
from index.loader import LoadOptions, load_posts
from index.permalinks import Permalinks

NOW = datetime(2025, 1, 1, tzinfo=UTC)
OPTIONS = LoadOptions(now=NOW)
TEXT = "Sixty letters and digits are about ten words, which is not too much to ask of a post.\n"


def checked(
    folder: Path,
    files: dict[str, str],
    base_url: str = "",
    options: LoadOptions = OPTIONS,
) -> CheckReport:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return check_posts(folder, options, base_url)


def told(report: CheckReport, *kinds: str) -> list[str]:
    """The findings of some kinds as they are shown, those of all kinds where none is named."""
    return [
        f"{each.file}:{each.line}: {each.reason}"
        for each in report.findings
        if each.kind in (kinds or KINDS)
    ]


def post(*fields: str, body: str = TEXT) -> str:
    return "\n".join(["---", *fields, "---", "", body])


def test_posts_in_order_have_no_findings(tmp_path: Path) -> None:
    report = checked(
        tmp_path,
        {
            "a.md": post("title: A", "date: 2024-01-01", "tags: [x]", body=TEXT + "[b](b.md)\n"),
            "b.md": f"# B\n\n{TEXT}\n## Part\n\n[up](#part), [a](/a), [top](#), [web](https://x.example)\n",
            "picture.png": "",
        },
    )
    assert (report.files, report.posts, report.findings, report.by_kind) == (3, 2, (), {})


def test_what_the_loader_finds_is_told_by_its_kind(tmp_path: Path) -> None:
    report = checked(
        tmp_path,
        {
            "a.md": post("title: A"),
            "b.md": post("title: B", "path: /a"),
            "c.md": post("title: C", "date: 2024-13-01"),
            "d.md": "---\ntitle: D\n",
            "e.md": post("title: E", "lastmod: never"),
            "f.md": post("title: F", "image: [1, {}]", "isPopular: maybe"),
        },
    )
    assert [(each.file, each.line, each.kind, each.field) for each in report.findings] == [
        ("b.md", 3, "same-path", "path"),
        ("c.md", 3, "date", "date"),
        ("d.md", 1, "left-out", ""),
        ("e.md", 3, "date", "lastmod"),
        ("f.md", 4, "field", "isPopular"),
    ]
    assert list(report.by_kind.items()) == [
        ("left-out", 1), ("same-path", 1), ("date", 2), ("field", 1),
    ]  # fmt: skip


def test_titles_are_missing_or_double(tmp_path: Path) -> None:
    report = checked(
        tmp_path,
        {
            "a.md": post("title: The Same"),
            "b.md": f"{TEXT}\n# The   same\n",
            "c.md": post("date: 2024-01-01", "title: the same"),
            "de.md": post("title: The same", "lang: de"),
            "named.md": TEXT,
            "quiet.md": f"# Quiet\n\n{TEXT}",
            "under.md": f"Under\n=====\n\n{TEXT}",
        },
    )
    assert told(report) == [
        'b.md:3: the same title as a.md: "The same"',
        'c.md:3: the same title as a.md: "the same"',
        'named.md:1: no title; called "Named" here',
    ]


def test_dates_in_the_future_are_told_whether_let_in_or_not(tmp_path: Path) -> None:
    files = {
        "a.md": post("title: A", "date: 2025-01-02"),
        "b.md": post("title: B", "date: 2024-01-01", "lastmod: 2025-01-02"),
        "c.md": post("title: C", "date: 2024-01-01", "publishDate: 2026-01-01"),
        "d.md": post("title: D", "draft: true", "date: 2026-01-01"),
        "e.md": post("title: E", "date: 2025-01-01"),
    }
    assert told(checked(tmp_path, files)) == [
        "a.md:3: dated 2025-01-02, in the future; left out until a build then",
        "b.md:4: updated 2025-01-02, in the future",
        "c.md:4: dated 2026-01-01, in the future; left out until a build then",
    ]
    let_in = LoadOptions(include=frozenset({"future"}), now=NOW)
    assert told(checked(tmp_path, files, options=let_in))[0] == (
        "a.md:3: dated 2025-01-02, in the future"
    )


def test_tags_are_told_where_their_spelling_is_rarer(tmp_path: Path) -> None:
    report = checked(
        tmp_path,
        {
            "a.md": post("title: A", "tags: [eBPF, Go]", "categories: News"),
            "b.md": post("title: B", "tags: [eBPF, go]"),
            "c.md": post("title: C", "tags:", "  - ebpf", "categories: [news]"),
            "News/d.md": post("title: D"),
            "news/e.md": post("title: E"),
        },
    )
    assert told(report) == [
        'b.md:3: tag "go" is "Go" in 1 post',
        'c.md:3: tag "ebpf" is "eBPF" in 2 posts',
        'c.md:5: category "news" is "News" in 2 posts',
    ]


def test_a_post_too_short_is_told_unless_it_leads_on(tmp_path: Path) -> None:
    enough = "x" * MIN_TEXT_CHARS
    report = checked(
        tmp_path,
        {
            "almost.md": post("title: A", body="x, " * (MIN_TEXT_CHARS - 1)),
            "enough.md": post("title: B", body=enough),
            "empty.md": post("title: C", body=""),
            "code.md": post("title: D", body=f"```\n{enough}\n```\n"),
            "summed-up.md": post("title: E", f"summary: {enough}", body=""),
            "elsewhere.md": post("title: F", "externalUrl: https://x.example", body=""),
            "section/_index.md": post("title: G", body=""),
            "section/h.md": post("title: H"),
            "lonely/_index.md": post("title: I", body=""),
            "index.md": post("title: J", body=""),
        },
    )
    short = f"hardly to be found with fewer than {MIN_TEXT_CHARS}"
    assert told(report) == [
        f"almost.md:4: {MIN_TEXT_CHARS - 1} letters of text; {short}",
        f"empty.md:4: no letter of text; {short}",
        f"lonely/_index.md:4: no letter of text; {short}",
    ]


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("titel", "title"), ("Tilte", "title"), ("tag", ""), ("tags", ""), ("tagss", "tags"),
        ("catgories", "categories"), ("descripton", "description"), ("desciptoin", "description"),
        ("drafts", "draft"), ("publised", "published"), ("pubished_at", "published_at"),
        ("expirydate", ""), ("expiry-dtae", "expiryDate"), ("permlink", "permalink"),
        ("layout", ""), ("weight", ""), ("sidebar_position", ""), ("f1_keywords", ""),
        ("ms.topic", ""), ("last_update", ""), ("og", ""), ("date2", ""), ("eleventyNavigation", ""),
    ],
)  # fmt: skip
def test_a_misspelt_key_is_known_by_the_nearest(key: str, meant: str) -> None:
    assert likely_meant(key, [key]) == meant


def test_a_key_is_not_meant_for_one_that_stands_beside_it() -> None:
    assert likely_meant("titel", ["titel", "Title"]) == ""


def test_a_site_s_own_keys_are_no_slips(tmp_path: Path) -> None:
    files = {f"{n}.md": post(f"title: T{n}", "titles: x") for n in range(4)}
    files["other.md"] = post("title: Other", "desciption: slip")
    assert told(checked(tmp_path, files)) == [
        'other.md:3: no field "desciption" is known; did you mean description?'
    ]


SITE = {
    "blog/_index.md": post("title: Blog", body=TEXT + "[a](first.md)"),
    "blog/first.md": post(
        "title: First", "aliases: [/old]", body=TEXT + "\n## Über uns & mehr 🦀\n"
    ),
    "blog/2024-02-03-dated.md": post("title: Dated"),
    "blog/draft.md": post("title: Draft", "draft: true"),
    "blog/_part.md": "Part.",
    "blog/photo.jpg": "",
}


@pytest.mark.parametrize(
    "target",
    [
        "first.md", "first", "/blog/first/", "/old", "/blog/first.html", "first.md#uber-uns-mehr",
        "first.md#über-uns--mehr-", "first.md#uber-uns-mehr-crab", "first.md#uber-uns-mehr_1",
        "first.md#top", "first.md#:~:text=x", "#fn:1", "first.md#L12", "draft.md", "/blog/draft",
        "_part.md", "photo.jpg", "missing.png", "/static/missing.pdf", "../../outside.md", "./",
        "/blog/tags/x/", "/blog/page/2", "/about", "/elsewhere/page", "//cdn.example/x",
        "mailto:a@b.example", "https://other.example/blog/x", "tel:1", "?page=2",
        "{{ site.url }}/blog/x", "/blog/{% x %}", "xref:some.uid", "https://x.example/project/blog/first",
        "/project/blog/first/", "2024-02-03-dated", "dated",
    ],
)  # fmt: skip
def test_a_link_that_may_be_alive_is_no_finding(tmp_path: Path, target: str) -> None:
    files = SITE | {"blog/linking.md": post("title: L", body=f"{TEXT}[x](<{target}>)\n")}
    assert told(checked(tmp_path, files, "https://x.example/project")) == []


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("missing.md", 'leads to no post: "missing.md"'),
        ("../first.md", 'leads to no post: "../first.md"; a post of that name is /blog/first'),
        ("missing/", 'leads to no post: "missing/"'),
        ("/blog/missing", 'leads to no post: "/blog/missing"'),
        ("https://x.example/blog/gone/#x", 'leads to no post: "https://x.example/blog/gone/#x"'),
        ("@/blog/missing.md", 'leads to no post: "@/blog/missing.md"'),
        ("github.com/x", 'leads to no post: "github.com/x"'),
        ("first.md#missing", 'leads to no heading: "first.md#missing"'),
        ("#missing", 'leads to no heading: "#missing"'),
        ("/blog/first#missing", 'leads to no heading: "/blog/first#missing"'),
    ],
)
def test_a_dead_link_is_told_with_its_line(tmp_path: Path, target: str, reason: str) -> None:
    body = f"{TEXT}\n[b](/blog/first)\n\nA `{target}` in code.\n\n[x](<{target}> 'title')\n"
    files = SITE | {"blog/linking.md": post("title: L", body=body)}
    assert told(checked(tmp_path, files, "https://x.example")) == [f"blog/linking.md:11: {reason}"]


@pytest.mark.parametrize(
    "written",
    [
        '<a id="here"></a>', "<a name=here>", "<div id='here'>x</div>", "## Title {#here}",
        "{: #here }", "[](){#here}", "<h3>Here</h3>", "[!INCLUDE [x](y.md)]", "{% include x.md %}",
        "--8<-- 'x.md'", '<Anchor id={"here"} />',
    ],
)  # fmt: skip
def test_an_id_that_is_written_out_or_comes_from_elsewhere_is_there(
    tmp_path: Path, written: str
) -> None:
    files = {
        "a.md": post("title: A", body=f"{TEXT}\n{written}\n"),
        "b.md": post("title: B", body=f"{TEXT}[x](a.md#here)\n"),
    }
    assert told(checked(tmp_path, files)) == []


def test_links_from_the_root_are_told_only_where_paths_are_known(tmp_path: Path) -> None:
    def linking(*targets: str) -> dict[str, str]:
        body = TEXT + " ".join(f"[x]({target})" for target in targets)
        return SITE | {"blog/linking.md": post("title: L", body=body)}

    assert len(told(checked(tmp_path, linking("/blog/gone", "/blog/first")))) == 1
    assert told(checked(tmp_path, linking("/blog/gone", "/blog/lost", "/blog/first"))) == []


def test_a_tag_may_name_a_post_by_its_file_alone(tmp_path: Path) -> None:
    tags = ('{{< ref "first.md" >}}', '{{< ref "gone.md" >}}', "{% post_url 2024-02-03-dated %}")
    body = TEXT + "\n".join(f"[x]({tag})" for tag in tags)
    files = SITE | {"other/linking.md": post("title: L", body=body)}
    assert told(checked(tmp_path, files)) == ['other/linking.md:7: leads to no post: "gone.md"']


def test_a_pin_that_names_no_post_is_told(tmp_path: Path) -> None:
    report = checked(
        tmp_path,
        {
            "a.md": post("title: A", "related:", "  - /b", "  - /old-b", "  - /gone", "  - /later"),
            "b.md": post("title: B", "aliases: [/old-b]"),
            "later.md": post("title: C", "draft: true"),
            "d.md": post("title: D", "related: false"),
        },
    )
    assert told(report) == ['a.md:3: names no post: "/gone"']
    assert [each.field for each in report.findings] == ["related"]


def test_patterns_of_paths_count(tmp_path: Path) -> None:
    files = {
        "_posts/2024-02-03-a.md": post("title: A", body=TEXT + "[b](/2024/b) [c](/2024/c)"),
        "_posts/2024-02-04-b.md": post("title: B"),
        "_posts/2026-02-04-c.md": post("title: C", "draft: true"),
    }
    by_folder = {"_posts": ["/:year/:slug"]}
    options = LoadOptions(Permalinks(by_folder=by_folder), now=NOW)
    assert told(checked(tmp_path, files, options=options)) == [
        '_posts/2024-02-03-a.md:6: leads to no post: "/2024/c"'
    ]


@given(
    st.lists(
        st.tuples(st.sampled_from(["a.md", "b.md#x", "/c", "d"]), st.integers(0, 3)), max_size=8
    )
)
def test_links_are_found_in_their_order(links: list[tuple[str, int]]) -> None:
    lines: list[str] = []
    expected = []
    for target, gap in links:
        lines += ["words, and a.mdx"] * gap
        lines.append(f"see [this]({target}) there")
        expected.append(len(lines))
    places = link_places("\n".join(lines), [target for target, _ in links])
    assert [place.line for place in places] == expected


def test_a_link_by_reference_is_where_it_is_defined() -> None:
    text = "[a][1] and\n[b](b.md)\n[c](c.md)\n\n[1]: a.md 'A'\n"
    places = link_places(text, ["a.md", "b.md", "c.md", "unseen"])
    assert [place.line for place in places] == [5, 2, 3, 3]


def test_a_check_reads_what_a_build_reads(tmp_path: Path) -> None:
    report = checked(tmp_path, SITE)
    loaded = load_posts(tmp_path, LoadOptions(now=NOW))
    assert (report.files, report.posts) == (loaded.files, len(loaded.posts))


def test_a_report_says_the_same_as_json(tmp_path: Path) -> None:
    report = checked(tmp_path, {"a.md": post("titel: A", body="")})
    answer = report.as_json()
    assert answer["by_kind"] == {"no-title": 1, "short": 1, "key": 1}
    assert answer["problems"][-1] == {
        "file": "a.md",
        "line": 4,
        "kind": "short",
        "reason": f"no letter of text; hardly to be found with fewer than {MIN_TEXT_CHARS}",
        "field": "",
    }
    assert set(answer) == {"files", "posts", "by_kind", "problems", "seconds"}
