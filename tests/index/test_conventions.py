"""What fields mean: paths, dates, taxonomies, and who may see a post."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.conventions import PostFields, canonical_path, read_fields, title_from_name
from index.dates import date_in_name, date_in_path, read_date
from index.errors import MalformedPostError
from index.frontmatter import FrontMatter
from index.paths import normalize_path
from index.permalinks import Permalinks

NOW = datetime(2025, 1, 1, tzinfo=UTC)


def fields_of(source: str = "post.md", /, **metadata: Any) -> PostFields:
    return read_fields(FrontMatter(metadata, ""), source)


def path_of(source: str, pattern: str = "", /, **metadata: Any) -> str:
    return canonical_path(fields_of(source, **metadata), "The Title!", source, pattern)


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("blog/mail.md", "/blog/mail"),
        ("blog/Mail Server.MDX", "/blog/Mail Server"),
        ("blog/mail.v2.md", "/blog/mail.v2"),
        ("blog/mail/index.md", "/blog/mail"),
        ("blog/_index.md", "/blog"),
        ("blog/ReadMe.markdown", "/blog"),
        ("index.md", "/"),
        ("README.md", "/"),
    ],
)
def test_a_file_has_the_path_of_its_place(source: str, path: str) -> None:
    assert path_of(source) == path


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("/blog/x/", "/blog/x"),
        ("blog/x", "/blog/x"),
        ("//blog///x//", "/blog/x"),
        ("/blog/x/index.html", "/blog/x"),
        ("index.html", "/"),
        ("/", "/"),
        ("https://site.example/Blog/x/?a=1#b", "/Blog/x"),
        ("https://site.example", "/"),
        ("/2018/10/25/Rust-1.30.0.html", "/2018/10/25/Rust-1.30.0.html"),
    ],
)
def test_a_written_path_is_tidied_and_keeps_its_case(written: str, path: str) -> None:
    assert path_of("a.md", path=written) == path_of("a.md", url=written) == path


@given(st.text(alphabet="ab/.:-_ é", max_size=30))
def test_tidying_a_path_twice_changes_nothing_more(written: str) -> None:
    path = normalize_path(written)
    assert path.startswith("/")
    assert path == "/" or not path.endswith("/")
    assert "//" not in path


def test_path_counts_before_permalink_before_url_before_pattern_before_place() -> None:
    every = {"url": "/url", "permalink": "/permalink", "path": "/path"}
    paths = []
    for name in ("path", "permalink", "url"):
        paths.append(path_of("a.md", "/:slug-pattern", **every))
        del every[name]
    paths.append(path_of("a.md", "/x-:slug", **every))
    paths.append(path_of("a.md", "/:year/:slug", **every))
    assert paths == ["/path", "/permalink", "/url", "/x-a", "/a"]


@pytest.mark.parametrize(
    ("source", "permalink", "metadata", "path"),
    [
        ("2022-05-05-mail.md", "/:year/:month/:day/:slug", {}, "/2022/05/05/mail"),
        ("mail.md", "/:year/:slug", {"date": "2022-05-05T23:30:00-07:00"}, "/2022/mail"),
        ("mail.md", "/:year/:month/:day/:slug/", {}, "/mail"),
        ("mail.md", "/posts/:slug.html", {"slug": "letter"}, "/posts/letter.html"),
        ("2022-05-05-mail/index.md", "/:slug", {}, "/mail"),
        ("blog/mail.md", "/:section/:title", {}, "/blog/the-title"),
        ("mail.md", "/:section/:slug", {}, "/mail"),
        ("mail.md", "/:categories/:filename", {"categories": ["A b", "C"]}, "/a-b/c/mail"),
        ("a.md", "", {"permalink": "/:year/:title:output_ext", "date": "2022"}, "/2022/the-title"),
        ("a.md", "/p/:slug", {"permalink": "/:year/x"}, "/p/a"),
        ("a.md", "/p/:unknown", {}, "/a"),
        ("a.md", "", {"permalink": "/{{ title }}/"}, "/a"),
        ("a.md", "", {"permalink": "/{% x %}/", "url": "/u"}, "/u"),
        ("a/b/2022-05-05-c.md", "/:sections/:slug", {}, "/a/b/c"),
        ("a/b/index.md", "/:sections/:slug", {}, "/a/b"),
        ("c.md", "/:sections/:slug", {}, "/c"),
        ("a/c.md", "/:sections/:own_slug", {}, "/a/c"),
        ("a/c.md", "/:sections/:own_slug", {"slug": "d"}, "/a/d"),
        ("a/c.md", "/:folders/:basename.html", {}, "/a/c.html"),
        ("a/index.md", "/:folders/:basename.html", {}, "/a"),
        ("a/_index.md", "/p/:slug", {}, "/a"),
    ],
)
def test_a_pattern_is_used_where_the_post_has_what_it_asks_for(
    source: str, permalink: str, metadata: dict[str, Any], path: str
) -> None:
    assert path_of(source, permalink, **metadata) == path


@pytest.mark.parametrize(
    ("source", "metadata", "path"),
    [
        ("_posts/2022-05-05-a.md", {"categories": ["X"]}, "/x/2022/a.html"),
        ("_posts/2022-05-05-a.md", {}, "/2022/a.html"),
        ("_posts/sub/2022-05-05-a.md", {}, "/2022/a.html"),
        ("_posts/undated.md", {}, "/_posts/undated"),
        ("docs/deep/a.md", {}, "/guide/deep/a"),
        ("docs/deep/a.md", {"slug": "/start"}, "/guide/start"),
        ("docs/old/a.md", {}, "/old/a"),
        ("docsy/a.md", {}, "/all/a"),
        ("a.md", {"path": "/own"}, "/own"),
    ],
)
def test_a_folder_has_patterns_of_its_own(source: str, metadata: dict[str, Any], path: str) -> None:
    permalinks = Permalinks(
        "/all/:slug",
        {
            "_posts": ["/:categories/:year/:slug.html", "/:year/:slug.html"],
            "/docs/": ["/guide/:own_slug", "/guide/:sections/:slug"],
            "docs/old": ["/old/:slug"],
        },
    )
    assert canonical_path(fields_of(source, **metadata), "T", source, permalinks) == path


UTC_DAY = datetime(2022, 5, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2022-05-09", "2022/05/09", "2022.5.9", "20220509", "05/09/2022", "9.5.2022", "May 9, 2022",
        "9 May 2022", "May 9th 2022", "Monday, 9th of May 2022", "09-May-2022", "2022-05-09 00:00",
        "2022-05-09T00:00:00Z", "2022-05-09T00:00:00.000+00:00", "2022-05-09 02:00:00 +0200",
        "Sun, 08 May 2022 20:00:00 -0400", "Mon May 09 2022 02:00:00 GMT+0200 (CEST)",
        "May 9, 2022 12:00 am", "2022-05-08 20:00 EDT", "Mon May  9 00:00:00 2022",
    ],
)  # fmt: skip
def test_a_date_is_read_in_any_of_its_usual_forms(written: str) -> None:
    assert read_date(written) == UTC_DAY


@pytest.mark.parametrize(
    "written",
    [
        "2022-13-45", "2022-02-30", "tomorrow", "12:30", "13/13/2022", "May 2022 9",
        "2022-05-09 25:00", "0000-01-01", "9999-12-31",
        "2022-05-09 10:00 XYZ", "2022-05-09 13:00 pm", True, ["2022"], {},
        "May 9, 2022" + " " * 3 + "x" * 500,
    ],
)  # fmt: skip
def test_what_is_no_date_is_said_to_be_none(written: object) -> None:
    with pytest.raises(ValueError, match="write it as 2022-05-31"):
        read_date(written)


@given(st.text(max_size=100))
def test_any_text_is_an_aware_date_or_a_clear_refusal(text: str) -> None:
    refusal = ""
    try:
        date = read_date(text)
    except ValueError as error:
        refusal = str(error)
    assert "write it" in refusal or date.tzinfo is not None


@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001 - strategies want naive bounds
def test_an_iso_time_is_read_exactly(moment: datetime) -> None:
    assert read_date(moment.isoformat()) == moment.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("2022-05-09-mail.md", UTC_DAY),
        ("2022-05-09.md", UTC_DAY),
        ("30-11-2017-kafka", datetime(2017, 11, 30, tzinfo=UTC)),
        ("05-05-2017-fourth", datetime(2017, 5, 5, tzinfo=UTC)),
        ("02-04-2018-freeze", None),
        ("2022-k3s", None),
        ("2022-13-09-mail", None),
        ("notes-2022-05-09", None),
    ],
)
def test_a_date_in_a_name_is_never_guessed(name: str, day: datetime | None) -> None:
    assert date_in_name(name) == day


def test_a_date_in_a_path_is_read() -> None:
    assert date_in_path("/blog/2022/5/9/mail") == UTC_DAY
    assert date_in_path("/blog/2022/05-09-mail") == UTC_DAY
    assert date_in_path("/blog/2022/05-09/") == UTC_DAY
    assert date_in_path("/blog/2022/05/mail") is None
    assert date_in_path("/blog/2022/05-0912") is None


@pytest.mark.parametrize(
    ("source", "day", "path"),
    [
        ("blog/2022/05-09-mail.md", UTC_DAY, "/mail"),
        ("blog/2022/05-09-mail/index.mdx", UTC_DAY, "/mail"),
        ("blog/2022/05/09/mail.md", UTC_DAY, "/mail"),
        ("blog/2022/05/01-first.md", None, "/01-first"),
        ("blog/05-09-mail.md", None, "/05-09-mail"),
    ],
)
def test_a_year_s_folder_makes_a_month_and_a_day_a_date(
    source: str, day: datetime | None, path: str
) -> None:
    assert fields_of(source).date == day
    assert path_of(source, "/:slug") == path


def test_dates_come_from_field_then_path_then_folders_then_name() -> None:
    day = "2020-01-01-x/2021/02/02/2022-05-09-y.md"
    assert fields_of(day, date="2019-03-03", path="/2018/04/04/z").date == datetime(
        2019, 3, 3, tzinfo=UTC
    )
    assert fields_of(day, path="/2018/04/04/z").date == datetime(2018, 4, 4, tzinfo=UTC)
    assert fields_of(day).date == datetime(2021, 2, 2, tzinfo=UTC)
    assert fields_of("a/2022-05-09-y.md").date == UTC_DAY
    assert fields_of("2022-05-09-y/index.md").date == UTC_DAY


@pytest.mark.parametrize(
    "name",
    ["date", "Date", "pubDate", "pub_date", "published_at", "publishDate", "created", "ms.date"],
)
def test_a_date_goes_by_many_names(name: str) -> None:
    assert fields_of(**{name: "2022-05-09"}).date == UTC_DAY


def test_published_is_a_day_or_a_draft_mark() -> None:
    assert fields_of(published="2022-05-09").date == UTC_DAY
    assert [verdict.kind for verdict in fields_of(published=False).verdicts] == ["drafts"]


def test_a_date_may_tell_when_a_post_was_made_and_changed() -> None:
    fields = fields_of(date={"created": "2022-05-09", "updated": "2023-01-02"})
    assert (fields.date, fields.updated) == (UTC_DAY, datetime(2023, 1, 2, tzinfo=UTC))
    assert fields_of(date={"updated": "2023-01-02"}).date is None
    assert fields.problems == ()


@pytest.mark.parametrize("name", ["redirect_to", "redirect_url"])
def test_a_page_that_sends_readers_on_is_none(name: str) -> None:
    (verdict,) = fields_of(**{name: "/elsewhere"}).verdicts
    assert verdict.kind == "pageless"
    assert fields_of(**{name: False}).verdicts == ()


def test_a_date_that_the_generator_computes_is_none_and_no_problem() -> None:
    fields = fields_of("2022-05-09-x.md", date="git Last Modified")
    assert (fields.date, fields.problems) == (UTC_DAY, ())


@pytest.mark.parametrize(
    ("source", "written", "tags"),
    [
        ("a.md", ["One", "two", "one"], ("One", "two")),
        ("a.md", "One, two words ,one,", ("One", "two words")),
        ("a.md", [{"name": "One"}, {"label": "Two"}, None, "3"], ("One", "Two", "3")),
        ("a.md", [["One", "Two"], "Three"], ("One", "Two", "Three")),
        ("_posts/a.md", "one two", ("one", "two")),
        ("_posts/a.md", "one, two words", ("one", "two words")),
        ("a.md", "two words", ("two words",)),
    ],
)
def test_tags_are_a_list_or_a_line(source: str, written: Any, tags: tuple[str, ...]) -> None:
    assert fields_of(source, tags=written).tags == tags


def test_a_group_s_field_counts_where_the_post_has_none() -> None:
    assert fields_of(taxonomies={"tags": ["a"]}).tags == ("a",)
    assert fields_of(extra={"tags": ["a"]}, tags=["b"]).tags == ("b",)
    assert fields_of(extra={"search": {"boost": "2"}}).search.boost == 2.0
    assert fields_of(extra={"path": "/elsewhere"}).written_path == ""


@pytest.mark.parametrize(
    ("source", "alone", "categories"),
    [
        ("linux/mail.md", False, ("linux",)),
        ("linux/deep/mail.md", False, ("linux",)),
        ("linux/index.md", False, ("linux",)),
        ("two\nlines/mail.md", False, ("two lines",)),
        ("mail/index.md", True, ()),
        ("posts/mail.md", False, ()),
        ("_posts/mail.md", False, ()),
        ("2022/05/mail.md", False, ()),
        ("2022-05-09-mail/index.md", False, ()),
        ("mail.md", False, ()),
    ],
)
def test_a_folder_is_the_category_where_it_says_something(
    source: str, alone: bool, categories: tuple[str, ...]
) -> None:
    fields = read_fields(FrontMatter({}, ""), source, is_post_folder=alone)
    assert fields.categories == categories


def test_authors_are_names_records_or_a_line() -> None:
    assert fields_of(authors=[{"name": "Ada"}, "Grace"]).authors == ("Ada", "Grace")
    assert fields_of(author={"name": "Ada", "twitter": "x"}).authors == ("Ada",)
    assert fields_of(author="Ada, Grace").authors == ("Ada", "Grace")
    assert fields_of(authors="Lovelace, Ada; Hopper, Grace").authors == (
        "Lovelace, Ada",
        "Hopper, Grace",
    )


@pytest.mark.parametrize(
    "image",
    ["/a.png", ["/a.png", "/b.png"], {"src": "/a.png", "alt": "A"}, [{"url": "/a.png"}]],
)
def test_an_image_is_an_address_or_a_record_with_one(image: Any) -> None:
    assert fields_of(cover=image).image == "/a.png"


def test_a_link_makes_a_post_external_only_if_it_leads_to_the_web() -> None:
    assert fields_of(externalUrl="https://x.example/a").external_url == "https://x.example/a"
    assert fields_of(link="http://x.example").external_url == "http://x.example"
    assert fields_of(link="/inside").external_url == ""
    assert fields_of(link="javascript:alert(1)").external_url == ""
    assert fields_of(link="/inside").problems == ()


@pytest.mark.parametrize(
    ("source", "metadata", "lang"),
    [
        ("a.md", {"locale": "de-AT"}, "de-AT"),
        ("a.fr.md", {}, "fr"),
        ("a.pt-BR.md", {}, "pt-BR"),
        ("a.js.md", {}, ""),
        ("a.v2.md", {}, ""),
    ],
)
def test_a_language_is_a_field_or_a_suffix(
    source: str, metadata: dict[str, str], lang: str
) -> None:
    assert fields_of(source, **metadata).lang == lang


@pytest.mark.parametrize(
    ("metadata", "kind"),
    [
        ({"draft": True}, "drafts"),
        ({"draft": "yes"}, "drafts"),
        ({"isDraft": True}, "drafts"),
        ({"exclude_search": True}, "unlisted"),
        ({"bookSearchExclude": True}, "unlisted"),
        ({"published": False}, "drafts"),
        ({"status": "Draft"}, "drafts"),
        ({"unlisted": True}, "unlisted"),
        ({"noindex": "true"}, "unlisted"),
        ({"ROBOTS": "NOINDEX, FOLLOW"}, "unlisted"),
        ({"status": "hidden"}, "unlisted"),
        ({"_build": {"list": "never"}}, "unlisted"),
        ({"eleventyExcludeFromCollections": True}, "unlisted"),
        ({"search": False}, "unlisted"),
        ({"search_exclude": True}, "unlisted"),
        ({"exclude-from-search": True}, "unlisted"),
        ({"searchHidden": True}, "unlisted"),
        ({"date": "2025-06-01"}, "future"),
        ({"date": "2024-06-01", "publishDate": "2025-06-01"}, "future"),
        ({"expiryDate": "2024-12-31"}, "expired"),
        ({"unpublish_date": "2024-12-31"}, "expired"),
        ({"permalink": False}, "pageless"),
        ({"search": {"exclude": True}}, "excluded"),
    ],
)
def test_what_readers_should_not_find_is_kept_out(metadata: dict[str, Any], kind: str) -> None:
    verdicts = fields_of(**metadata).verdicts
    assert [each.kind for each in verdicts if each.holds(frozenset(), NOW)] == [kind]
    is_for_good = kind in {"pageless", "excluded"}
    assert any(each.holds(frozenset({kind}), NOW) for each in verdicts) is is_for_good


@pytest.mark.parametrize(
    "metadata",
    [
        {"draft": False},
        {"draft": "no"},
        {"published": True},
        {"status": "published"},
        {"sitemap": False},
        {"robots": "index, follow"},
        {"search": True},
        {"build": {"list": "always"}},
        {"date": "2025-01-01"},
        {"date": "2025-06-01", "publishDate": "2024-06-01"},
        {"expiryDate": "2025-01-02"},
    ],
)
def test_what_readers_should_find_is_not_kept_out(metadata: dict[str, Any]) -> None:
    assert not any(each.holds(frozenset(), NOW) for each in fields_of(**metadata).verdicts)


def test_a_reason_names_the_field_and_the_setting_that_lets_it_in() -> None:
    (verdict,) = fields_of(unlisted=True).verdicts
    assert verdict.reason == (
        'unlisted (unlisted: true; include = ["unlisted"] under [posts] in signpost.toml keeps it)'
    )


@pytest.mark.parametrize("name", ["date", "expiryDate", "publishDate", "draft"])
def test_what_leaves_open_if_a_post_may_be_seen_is_refused(name: str) -> None:
    with pytest.raises(MalformedPostError) as raised:
        fields_of(**{name: "some day"})
    assert raised.value.field == name


@pytest.mark.parametrize(
    ("written", "boost"),
    [("1.5", 1.5), (2, 2.0), ("100", 100.0), ("0", 1.0), ("-1", 1.0), ("101", 1.0), ("nan", 1.0),
     ("inf", 1.0), (True, 1.0), (["2"], 1.0), ("9" * 5000, 1.0)],
)  # fmt: skip
def test_a_boost_is_a_number_up_to_a_hundred(written: Any, boost: float) -> None:
    fields = fields_of(search={"boost": written})
    assert fields.search.boost == boost
    assert bool(fields.problems) == (boost == 1.0)


def test_pinned_and_old_paths_are_tidied() -> None:
    fields = fields_of(related=["b/", {"path": "/c"}], redirect_from="/old/index.html")
    assert (fields.related, fields.aliases) == (("/b", "/c"), ("/old",))


def test_control_characters_and_line_ends_do_not_reach_a_field() -> None:
    assert fields_of(title=" A\x00 \n title\ud800 ").title == "A title"


@pytest.mark.parametrize(
    ("source", "title"),
    [
        ("2022-05-09-mail_server-move.md", "Mail server move"),
        ("mail-server/index.md", "Mail server"),
        ("README.md", "Home"),
    ],
)
def test_a_file_name_makes_a_title_in_words(source: str, title: str) -> None:
    assert title_from_name(source) == title
