"""Generators, recognised by their files: what is read of a site, and that nothing is run."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.generators import KINDS
from index.loader import LoadOptions, load_posts
from index.permalinks import Permalinks
from index.siteconfig import SiteConfig, read_config, web_address
from index.sites import Site, find_site

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
NOW = datetime(2025, 1, 1, tzinfo=UTC)


def site_of(folder: Path, *, is_content: bool = False) -> Site:
    return find_site(folder, KINDS, is_content=is_content)


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def read(folder: Path, files: dict[str, str]) -> Site:
    write(folder, files)
    return site_of(folder)


EXPECTED = {
    "astro": ("Astro", "src/content", "https://charts.example", ""),
    "docfx": ("DocFX", ".", "https://gears.example", "Gears"),
    "docusaurus": ("Docusaurus", ".", "https://kiln.example", "Kiln"),
    "eleventy": ("Eleventy", ".", "", ""),
    "gatsby": ("Gatsby", "blog", "https://allotments.example", "Allotment"),
    "hexo": ("Hexo", "source", "https://tide.example/log", "Low tide"),
    "hugo": ("Hugo", "content", "https://bees.example", "Bees by the wall"),
    "jekyll": ("Jekyll", ".", "https://bakery.example", "The bakery"),
    "mkdocs": ("MkDocs", "docs", "https://orchard.example/handbook", "The orchard handbook"),
    "pelican": ("Pelican", "content", "https://tea.example", "Tea"),
    "zola": ("Zola", "content", "https://observatory.example", "The observatory"),
}

PATHS = {
    "astro": ["/blog/lists", "/blog/using-mdx"],
    "docfx": ["/articles/install.html", "/articles/intro-to-gears.html", "/articles/teeth.html"],
    "docusaurus": [
        "/blog/2023/11/05/wood", "/blog/2024/03/02/ash", "/blog/glazes", "/docs/intro",
    ],
    "eleventy": ["/blog/firstpost", "/blog/frozen-ford"],
    "gatsby": ["/first-harvest"],
    "hexo": [
        "/2013/07/13/moon", "/2020/12/03/low-water-mark", "/2021/04/11/razor-clams", "/about",
    ],
    "hugo": [
        "/", "/posts/json-post", "/posts/my-first-post", "/posts/second-hive",
        "/posts/toml-post.fr", "/posts/wax",
    ],
    "jekyll": [
        "/2022/04/01/rye.html", "/about", "/bread/news/2022/03/08/welcome-to-the-bakery.html",
    ],
    "mkdocs": ["/", "/blog/2023/10/14/cider-at-last", "/guide/pruning"],
    "pelican": ["/four-teas.html", "/just-notes.html", "/kettles.html"],
    "zola": ["/", "/2020/01/04/first-light", "/nights/third"],
}  # fmt: skip
"""By each generator's documentation: where it serves what is in its golden site."""


def test_every_generator_has_a_golden_site() -> None:
    assert {kind.generator.lower() for kind in KINDS} == set(EXPECTED) == set(PATHS)
    assert {path.name for path in GOLDEN.iterdir()} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_golden_site_is_recognised(name: str) -> None:
    site = site_of(GOLDEN / name)
    content = site.content.relative_to(GOLDEN / name).as_posix()
    assert (site.generator, content, site.base_url, site.title) == EXPECTED[name]


@pytest.mark.parametrize("name", PATHS)
def test_posts_are_where_their_generator_serves_them(name: str) -> None:
    site = site_of(GOLDEN / name)
    options = LoadOptions(Permalinks(site.permalink, site.permalinks), now=NOW)
    loaded = load_posts(site.content, options)
    assert [post.path for post in loaded.posts] == PATHS[name]
    assert loaded.problems == ()


def test_the_folder_of_posts_leads_to_the_configuration_above_it() -> None:
    folder = GOLDEN / "hugo" / "content" / "posts"
    site = site_of(folder, is_content=True)
    assert (site.generator, site.content) == ("Hugo", folder)
    assert site.config == GOLDEN / "hugo" / "hugo.toml"


def test_a_repository_s_root_is_as_far_as_it_is_looked_for(tmp_path: Path) -> None:
    write(tmp_path, {"hugo.toml": "title = 'Above'\n", "inner/posts/a.md": "# A"})
    assert site_of(tmp_path / "inner").generator == "Hugo"
    (tmp_path / "inner" / ".git").mkdir()
    site = site_of(tmp_path / "inner")
    assert (site.generator, site.content) == ("", tmp_path.resolve() / "inner" / "posts")


@pytest.mark.parametrize(
    ("files", "content"),
    [
        ({"a.md": "x"}, "."),
        ({"docs/a.md": "x", "README.md": "x"}, "docs"),
        ({"src/content/sub/a.mdx": "x"}, "src/content"),
        ({"content/node_modules/a.md": "x", "posts/a.md": "x"}, "posts"),
        ({}, "."),
    ],
)
def test_a_plain_folder_has_its_posts_where_they_usually_are(
    tmp_path: Path, files: dict[str, str], content: str
) -> None:
    (tmp_path / ".git").mkdir()
    site = read(tmp_path, files)
    assert (site.generator, site.content) == ("", (tmp_path / content).resolve())


def test_zola_and_hugo_are_told_apart(tmp_path: Path) -> None:
    assert read(tmp_path, {"config.toml": 'base_url = "https://z.example"'}).generator == "Zola"
    assert read(tmp_path, {"config.toml": 'baseURL = "https://h.example"'}).generator == "Hugo"
    assert read(tmp_path, {"config.toml": 'title = "neither"'}).generator == ""
    assert read(tmp_path, {"config/_default/hugo.yaml": "title: T"}).generator == "Hugo"


def test_hexo_and_jekyll_are_told_apart(tmp_path: Path) -> None:
    assert read(tmp_path, {"_config.yml": "title: J"}).generator == "Jekyll"
    write(tmp_path, {"package.json": '{"dependencies": {"hexo": "^7.0.0"}}'})
    assert site_of(tmp_path).generator == "Hexo"
    (tmp_path / "package.json").unlink()
    assert read(tmp_path, {"_config.yml": "title: H\nskip_render:"}).generator == "Jekyll"
    assert read(tmp_path, {"_config.yml": "title: H\nsource_dir: source"}).generator == "Hexo"


@pytest.mark.parametrize(
    ("written", "section", "patterns"),
    [
        ("/:year/:month/:slug/", "posts", ["/:year/:month/:own_slug/", "/:year/:month/:title/"]),
        ("/:section/:slugorfilename", "posts", ["/posts/:own_slug", "/posts/:filename"]),
        ("/:sections/:contentbasename", "posts", ["/posts/:sections/:filename"]),
        ("/x/:weekday/:title", "posts", None),
    ],
)
def test_hugo_s_permalinks_are_by_section(
    tmp_path: Path, written: str, section: str, patterns: list[str] | None
) -> None:
    for text in (
        f"[permalinks]\n{section} = '{written}'\n",
        f"[permalinks.page]\n{section} = '{written}'\n",
    ):
        site = read(tmp_path, {"hugo.toml": text})
        assert site.permalinks == ({section: tuple(patterns)} if patterns else {})
        assert len(site.notes) == (0 if patterns else 1)


@pytest.mark.parametrize(
    ("written", "patterns"),
    [
        ("", ["/:categories/:year/:month/:day/:slug.html", "/:year/:month/:day/:slug.html"]),
        ("pretty", ["/:categories/:year/:month/:day/:slug/", "/:year/:month/:day/:slug/"]),
        ("none", ["/:categories/:slug.html", "/:slug.html"]),
        ("/blog/:title/", ["/blog/:slug/"]),
        ("blog/:year:output_ext", ["/blog/:year.html"]),
        ("weekdate", None),
        ("ordinal", None),
        ("/:y_day/:title", None),
    ],
)
def test_jekyll_s_permalink_is_a_style_or_a_pattern(
    tmp_path: Path, written: str, patterns: list[str] | None
) -> None:
    site = read(tmp_path, {"_config.yml": f"title: J\npermalink: {written}\n"})
    assert site.permalinks == ({"_posts": tuple(patterns)} if patterns else {})
    assert len(site.notes) == (0 if patterns else 1)


def test_jekyll_s_collections_have_patterns_of_their_own(tmp_path: Path) -> None:
    config = (
        "url: https://j.example\nbaseurl: /site\ncollections:\n  docs:\n    output: true\n"
        "  talks:\n    output: true\n    permalink: /t/:name/\n  data:\n    output: false\n"
    )
    site = read(tmp_path, {"_config.yml": config})
    assert site.base_url == "https://j.example/site"
    assert site.permalinks["_docs"] == ("/docs/:sections/:filename.html",)
    assert site.permalinks["_talks"] == ("/t/:slug/",)
    assert set(site.permalinks) == {"_posts", "_docs", "_talks"}


@pytest.mark.parametrize(
    ("written", "names", "patterns"),
    [
        (":year/:title/", ":title.md", ["/:year/:sections/:filename/"]),
        (":year/:name.html", ":year-:month-:day-:title.md", ["/:year/:slug.html"]),
        ("/:category/:post_title", ":title.md", ["/:categories/:title", "/misc/:title"]),
        ("posts/:abbrlink/", ":title.md", None),
    ],
)
def test_hexo_s_titles_are_file_names(
    tmp_path: Path, written: str, names: str, patterns: list[str] | None
) -> None:
    config = f"permalink: {written}\nnew_post_name: {names}\ndefault_category: misc\n"
    site = read(tmp_path, {"_config.yml": config})
    assert site.permalinks == ({"_posts": tuple(patterns)} if patterns else {})
    assert len(site.notes) == (0 if patterns else 1)


@pytest.mark.parametrize(
    ("config", "articles"),
    [
        ("", ["/:own_slug.html", "/:title.html"]),
        ("SLUGIFY_SOURCE = 'basename'", ["/:own_slug.html", "/:filename.html"]),
        (
            "ARTICLE_URL = 'posts/{date:%Y}/{date:%m}/{slug}/'",
            ["/posts/:year/:month/:own_slug/", "/posts/:year/:month/:title/"],
        ),
        ("ARTICLE_URL = '{category}/{slug}'", ["/:categories/:own_slug", "/:categories/:title"]),
        ("ARTICLE_URL = '{date:%b}/{slug}'", None),
        ("ARTICLE_URL = '{author}/{slug}'", None),
        ("import os\nos.abort()\nARTICLE_URL = os.sep", ["/:own_slug.html", "/:title.html"]),
    ],
)
def test_pelican_s_settings_are_read_and_not_run(
    tmp_path: Path, config: str, articles: list[str] | None
) -> None:
    site = read(tmp_path, {"pelicanconf.py": config})
    assert site.permalinks.get(".") == (tuple(articles) if articles else None)


def test_mkdocs_may_have_a_blog_and_plain_files(tmp_path: Path) -> None:
    config = (
        "site_name: M\ndocs_dir: pages\nuse_directory_urls: false\nplugins:\n  - search\n"
        "  - material/blog:\n      blog_dir: news\n      post_url_format: '{date}/{file}'\n"
        "      post_url_date_format: yyyy\ntheme:\n  name: material\n  language: de\n"
        "  palette: !!python/name:os.abort\n"
    )
    site = read(tmp_path, {"mkdocs.yml": config})
    assert (site.title, site.language) == ("M", "de")
    assert site.content == tmp_path.resolve() / "pages"
    assert site.permalink == "/:folders/:basename.html"
    assert site.permalinks == {"news/posts": ("/news/:year/:filename",)}


def test_a_part_of_a_docfx_site_has_its_prefix(tmp_path: Path) -> None:
    config = '{"build": {"content": [{"src": "articles", "dest": "docs", "files": "**"}, {"src": "api"}]}}'
    site = read(tmp_path, {"docfx.json": config, "articles/a.md": "# A"})
    assert site.content == tmp_path.resolve() / "articles"
    assert site.permalink == "/docs/:folders/:basename.html"
    write(tmp_path, {".openpublishing.publish.config.json": "{}"})
    assert site_of(tmp_path).permalink == "/docs/:folders/:basename"


def test_docusaurus_with_copies_of_its_docs_has_one_indexed(tmp_path: Path) -> None:
    config = "export default {url: 'https://d.example', baseUrl: '/x/', docs: {routeBasePath: '/'}}"
    files = {"docusaurus.config.ts": config, "docs/a/b.md": "# B", "blog/c.md": "# C"}
    site = read(tmp_path, files)
    assert (site.base_url, site.content) == ("https://d.example/x", tmp_path.resolve() / "docs")
    assert site.permalinks == {".": ["/:own_slug", "/:sections/:filename"]}
    assert site.notes == ()
    (tmp_path / "versioned_docs").mkdir()
    assert "several times" in site_of(tmp_path).notes[0]


def test_astro_s_one_collection_follows_its_route(tmp_path: Path) -> None:
    files = {
        "astro.config.ts": "export default defineConfig({ site: 'https://a.example', base: '/b' })",
        "src/content/blog/a.md": "# A",
        "src/pages/writing/[...slug].astro": "",
    }
    site = read(tmp_path, files)
    assert (site.base_url, site.permalink) == ("https://a.example/b", "/writing/:sections/:slug")
    assert site.content == tmp_path.resolve() / "src/content/blog"


def test_eleventy_s_data_tell_of_the_site(tmp_path: Path) -> None:
    files = {
        "eleventy.config.js": "export const config = { dir: { input: 'content' } }",
        "_data/metadata.js": "export default { title: 'E', url: 'https://e.example/', language: 'de' }",
    }
    site = read(tmp_path, files)
    assert (site.title, site.base_url, site.language) == ("E", "https://e.example", "de")
    assert site.content == tmp_path.resolve() / "content"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("hugo.toml", "= broken"),
        ("hugo.json", "[" * 100_000),
        ("mkdocs.yml", "a: &a [*a]\nb: : :"),
        ("docfx.json", "[1, 2]"),
        ("docfx.json", '{"build": {"content": [1, {"src": 2}]}}'),
        ("pelicanconf.py", "def broken(:\n"),
        ("pelicanconf.py", "x = '\\d'\n" + "(" * 10_000),
        ("gatsby-config.js", "\x00\ufffd`${"),
        ("_config.yml", "collections: [a]\npermalink: [b]\nlanguage: {}"),
    ],
)
def test_a_configuration_that_cannot_be_read_is_no_fault(
    tmp_path: Path, name: str, text: str
) -> None:
    write(tmp_path, {name: text, "docs/a.md": "# A"})
    assert site_of(tmp_path).base_url == ""


def test_bytes_links_and_folders_are_no_configuration(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_bytes(b"\xff\xfe")
    (tmp_path / "package.json").mkdir()
    assert read_config(tmp_path / "mkdocs.yml") == SiteConfig(tmp_path / "mkdocs.yml")
    assert read_config(tmp_path / "package.json").text == ""
    assert read_config(tmp_path / "nowhere.json").values == {}


@pytest.mark.parametrize(
    ("parts", "address"),
    [
        (["https://x.example/"], "https://x.example"),
        (["https://x.example", "/a/"], "https://x.example/a"),
        (["https://x.example/", "/"], "https://x.example"),
        (["http://localhost:4000"], ""),
        (["/"], ""),
        (["", "/a"], ""),
        (["ftp://x.example"], ""),
    ],
)
def test_an_address_is_one_on_the_web(parts: list[str], address: str) -> None:
    assert web_address(*parts) == address


def test_a_comment_in_a_program_says_nothing() -> None:
    config = SiteConfig(
        Path("x.js"),
        "// url: 'https://no.example'\n/* url: 'https://no.example' */\n"
        "const a = { siteUrl: 'https://no.example', url: `https://${host}`,\n"
        '  "url": "https://yes.example" }',
    )
    assert config.literal("url") == "https://yes.example"
    assert config.literal("title") == ""


def test_recognising_a_site_changes_nothing_in_it(tmp_path: Path) -> None:
    shutil.copytree(GOLDEN, tmp_path / "sites")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "sites").rglob("*")}
    for folder in (tmp_path / "sites").iterdir():
        site_of(folder)
    assert before == {path: path.stat().st_mtime_ns for path in (tmp_path / "sites").rglob("*")}
