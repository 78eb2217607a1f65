"""Every way a post can be wrong: it is named, by file, line, field and reason."""

import os
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.errors import ContentNotFoundError
from index.files import MAX_FILE_BYTES
from index.loader import LoadOptions, load_posts
from index.post import LoadedPosts, Problem

MALFORMED = Path(__file__).resolve().parents[1] / "malformed"
OPTIONS = LoadOptions(now=datetime(2025, 1, 1, tzinfo=UTC))
NOBODY = 65534

LEFT_OUT = {
    ("alias-bomb.md", 6, ""): (
        "the front matter holds more than 20000 values, aliases written out; write the "
        "few that the post needs"
    ),
    ("blank.md", 1, ""): "the file is empty",
    ("broken-json.md", 3, ""): (
        "the front matter is not valid JSON: expecting property name enclosed in double quotes"
    ),
    ("broken-toml.md", 3, ""): "the front matter is not valid TOML: invalid value",
    ("colon.md", 2, ""): (
        "the front matter is not valid YAML: mapping values are not allowed in this "
        'context; a value with ": " in it needs quotes'
    ),
    ("deep.md", 2, ""): "the front matter is nested deeper than 32 levels",
    ("empty.md", 1, ""): "the file is empty",
    ("list.md", 2, ""): "front matter must be fields (key: value), not a list",
    ("maybe-draft.md", 3, "draft"): (
        '"draft" must be true or false, or nobody can tell if readers may see this'
    ),
    ("no-such-day.md", 3, "date"): '"2022-13-45" is not a date; write it as 2022-05-31',
    ("no-such-expiry.md", 4, "expiryDate"): '"someday" is not a date; write it as 2022-05-31',
    ("no-such-publishing.md", 4, "publishDate"): (
        "\"['soon']\" is not a date; write it as 2022-05-31"
    ),
    ("other-language.md", 1, ""): (
        "front matter in js cannot be read; write it as YAML between two --- lines"
    ),
    ("path-b.md", 4, "path"): "same path as path-a.md: /same; give one of them another path",
    ("quote.md", 2, ""): (
        "the front matter is not valid YAML: found unexpected end of stream; is a quote not closed?"
    ),
    ("recursive-alias.md", 3, ""): '"*tags" stands inside the value that it repeats',
    ("rule-on-top.md", 1, ""): (
        "the front matter is not closed: add a line with --- after the last field"
    ),
    ("sentence.md", 2, ""): "front matter must be fields (key: value), not plain text",
    ("tabs.md", 4, ""): "tabs cannot indent YAML; use spaces",
    ("twice-bare.md", 3, "Title"): 'the field "Title" stands twice (first on line 1)',
    ("twice-json.md", 3, "title"): 'the field "title" stands twice (first on line 2)',
    ("twice-toml.md", 4, "title"): 'the field "title" stands twice (first on line 2)',
    ("twice-within.md", 5, "boost"): 'the field "boost" stands twice (first on line 4)',
    ("twice.md", 5, "tags"): 'the field "tags" stands twice (first on line 3)',
    ("two-days.md", 3, "date"): (
        '"02-04-2018" could be one of two days; write it with the year first, as 2022-05-31'
    ),
    ("unclosed-toml.md", 1, ""): (
        "the front matter is not closed: add a line with +++ after the last field"
    ),
    ("unclosed.md", 1, ""): (
        "the front matter is not closed: add a line with --- after the last field"
    ),
    ("unknown-alias.md", 2, ""): (
        "the front matter is not valid YAML: did not find expected alphabetic or numeric "
        "character; a value that begins with * or & needs quotes"
    ),
}
"""(file, line, field): reason. Each of them costs the post its place."""

INDEXED_ALL_THE_SAME = {
    ("lesser/boost-word.md", 5, "search.boost"): (
        '"a lot" is no boost; give a number up to 100; the post is indexed without it'
    ),
    ("lesser/boost-zero.md", 3, "search.boost"): (
        '"0" is no boost; give a number up to 100; the post is indexed without it'
    ),
    ("lesser/featured-word.md", 3, "featured"): (
        '"featured" must be true or false; the post is indexed without it'
    ),
    ("lesser/image-script.md", 3, "image"): (
        '"javascript:alert(1)" is not an image\'s address on the web or on this site; the '
        "post is indexed without it"
    ),
    ("lesser/lastmod.md", 3, "lastmod"): (
        '"lately" is not a date; write it as 2022-05-31; the post is indexed without it'
    ),
    ("lesser/link-word.md", 3, "externalUrl"): (
        '"externalUrl" must be an address that begins with https://; the post is indexed without it'
    ),
    ("lesser/path-list.md", 3, "permalink"): (
        '"permalink" must be a path, not a list; the post is indexed without it'
    ),
    ("lesser/search-word.md", 3, "search"): (
        '"search" must be a group of fields: boost, pin, keywords, exclude; the post is '
        "indexed without it"
    ),
    ("lesser/tags-group.md", 3, "tags"): (
        '"tags" must be a list, or one line with commas, not a group of fields; the post '
        "is indexed without it"
    ),
    ("lesser/tags-number.md", 3, "tags"): (
        '"tags" must be a list, or one line with commas, not a number; the post is '
        "indexed without it"
    ),
    ("lesser/title-list.md", 2, "title"): (
        '"title" must be text, not a list; the post is indexed without it'
    ),
}


def load(folder: Path) -> LoadedPosts:
    loaded = load_posts(folder, OPTIONS)
    assert loaded.files == len(loaded.posts) + len(loaded.left_out)
    return loaded


def named(problems: tuple[Problem, ...]) -> dict[tuple[str, int, str], str]:
    return {(each.file, each.line, each.field): each.reason for each in problems}


def only_problem(folder: Path) -> tuple[str, int, str]:
    """File, line and reason of the one problem in `folder`, which has to be left out too."""
    loaded = load(folder)
    (problem,) = loaded.problems
    (left_out,) = loaded.left_out
    assert (left_out.file, left_out.line, left_out.reason) == (
        problem.file,
        problem.line,
        problem.reason,
    )
    return problem.file, problem.line, problem.reason


def test_everything_wrong_is_named_with_file_line_field_and_reason() -> None:
    assert named(load(MALFORMED).problems) == LEFT_OUT | INDEXED_ALL_THE_SAME


def test_what_cannot_be_trusted_is_left_out_and_no_more_than_that() -> None:
    left_out = {(each.file, each.line): each.reason for each in load(MALFORMED).left_out}
    assert left_out == {(file, line): reason for (file, line, _), reason in LEFT_OUT.items()}


def test_a_bad_value_in_a_lesser_field_costs_that_value_only() -> None:
    posts = {post.source: post for post in load(MALFORMED / "lesser").posts}
    assert posts["lastmod.md"].updated is None
    assert posts["tags-number.md"].tags == posts["tags-group.md"].tags == ()
    assert (posts["boost-word.md"].search.boost, posts["boost-word.md"].search.pin) == (
        1.0,
        ("word",),
    )
    assert posts["boost-zero.md"].search.boost == 1.0
    assert posts["title-list.md"].title == "Title list"
    assert posts["link-word.md"].external_url == ""
    assert posts["image-script.md"].image == ""
    assert posts["path-list.md"].path == "/path-list"
    assert posts["featured-word.md"].featured is False


def test_the_first_of_two_posts_with_one_path_is_kept() -> None:
    assert [post.title for post in load(MALFORMED).posts if post.path == "/same"] == ["First"]


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        (
            b"---\ntitle: Caf\xe9\n---\n",
            2,
            "not UTF-8 text (byte 0xe9 at offset 14); save the file as UTF-8",
        ),
        ("title".encode("utf-16"), 1, "UTF-16 text; save the file as UTF-8"),
        (b"# A\n\nB\0C\n", 3, "contains NUL bytes, so it is not text"),
        (b"\xef\xbb\xbf", 1, "the file is empty"),
        (
            b"a" * (MAX_FILE_BYTES + 1),
            1,
            "larger than 10 MB; a post is text, and has to be smaller",
        ),
    ],
    ids=["latin-1", "utf-16", "nul", "byte-order-mark-only", "too-large"],
)
def test_bytes_that_are_no_text_are_named(
    tmp_path: Path, data: bytes, line: int, reason: str
) -> None:
    (tmp_path / "post.md").write_bytes(data)
    assert only_problem(tmp_path) == ("post.md", line, reason)


def test_a_byte_order_mark_and_carriage_returns_are_no_fault(tmp_path: Path) -> None:
    (tmp_path / "post.md").write_bytes(
        b"\xef\xbb\xbf---\r\ntitle: Fine\r\n---\r\n\r\n# One\r\ntwo\r\n"
    )
    (post,) = load(tmp_path).posts
    assert (post.title, post.text) == ("Fine", "One\ntwo")


def _loop(folder: Path) -> None:
    (folder / "a.md").symlink_to("a.md")


def _dangling(folder: Path) -> None:
    (folder / "a.md").symlink_to("nowhere.md")


def _outside(folder: Path) -> None:
    secret = folder.parent / f"{folder.name}-secret.md"
    secret.write_text("secret")
    (folder / "a.md").symlink_to(secret)


def _outside_folder(folder: Path) -> None:
    (folder / "a.md").symlink_to("/", target_is_directory=True)


def _pipe(folder: Path) -> None:
    os.mkfifo(folder / "a.md")


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (_loop, "a symbolic link that leads in a circle; point it to a file or remove it"),
        (_dangling, "a symbolic link that leads nowhere; point it to a file or remove it"),
        (
            _outside,
            "a symbolic link that leads out of the content folder; put the file itself there",
        ),
        (
            _outside_folder,
            "a symbolic link that leads out of the content folder; put the file itself there",
        ),
        (_pipe, "not a regular file but a device, pipe or socket"),
    ],
)
def test_links_and_devices_that_are_no_posts_are_named(
    tmp_path: Path, make: Callable[[Path], None], reason: str
) -> None:
    folder = tmp_path / "content"
    folder.mkdir()
    make(folder)
    assert only_problem(folder) == ("a.md", 1, reason)


def test_a_folder_that_links_to_itself_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "post.md").write_text("# One")
    (tmp_path / "again").symlink_to(tmp_path, target_is_directory=True)
    loaded = load(tmp_path)
    assert [post.path for post in loaded.posts] == ["/post"]
    assert [(each.file, each.reason) for each in loaded.left_out] == [
        ("again", "a link to a folder; its files are read where they are")
    ]
    assert loaded.problems == ()


def _as_nobody(load_it: Callable[[], str]) -> str:
    """What `load_it` says when run without the rights of root, which no permission binds."""
    if os.geteuid() != 0:
        return load_it()
    receiving, sending = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            os.write(sending, load_it().encode())
        finally:
            os._exit(0)
    os.close(sending)
    with os.fdopen(receiving, "rb") as pipe:
        said = pipe.read().decode()
    os.waitpid(child, 0)
    return said


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter, wherever the tests are run."""
    with tempfile.TemporaryDirectory() as scratch:
        Path(scratch).chmod(0o755)
        folder = Path(scratch) / "content"
        folder.mkdir()
        folder.chmod(0o755)
        yield folder
        folder.chmod(0o755)


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_files_and_folders_that_may_not_be_read_are_named(open_folder: Path) -> None:
    (open_folder / "closed").mkdir(mode=0o000)
    (open_folder / "locked.md").write_text("# Locked")
    (open_folder / "locked.md").chmod(0o000)
    (open_folder / "open.md").write_text("# Open")
    (open_folder / "open.md").chmod(0o644)

    def report() -> str:
        loaded = load(open_folder)
        lines = [f"{each.file}: {each.reason}" for each in loaded.problems]
        return "\n".join([*(post.path for post in loaded.posts), *lines])

    said = _as_nobody(report)
    (open_folder / "closed").chmod(0o755)
    assert said.split("\n") == [
        "/open",
        "closed: the folder cannot be read: permission denied",
        "locked.md: cannot be read: permission denied",
    ]


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_content_folder_that_may_not_be_read_is_an_error(open_folder: Path) -> None:
    open_folder.chmod(0o000)

    def report() -> str:
        with pytest.raises(ContentNotFoundError) as raised:
            load_posts(open_folder, OPTIONS)
        return str(raised.value)

    said = _as_nobody(report)
    open_folder.chmod(0o755)
    assert said == f"The folder {open_folder} cannot be read: permission denied."


def test_a_content_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ContentNotFoundError, match=r"There is no folder .*none; give the folder"):
        load_posts(tmp_path / "none", OPTIONS)


def test_a_file_for_a_content_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "post.md").write_text("# One")
    with pytest.raises(ContentNotFoundError, match=r"post\.md is not a folder; give the folder"):
        load_posts(tmp_path / "post.md", OPTIONS)
