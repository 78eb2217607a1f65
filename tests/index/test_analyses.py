"""Builds that go on from kept analyses: only what changed is read, and the index is the same."""

import random
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from index import analyzing, phrases
from index.analyses import ANALYSES_DIR, keep_analyses, open_analyses
from index.build import build_index
from index.buildoptions import BuildOptions
from index.files import FoundFile
from index.loader import FileReading, LoadOptions, read_file
from index.lock import build_lock
from index.updating import update_index
from tests.conftest import write_site
from tests.index.test_unchanged import NOW, OPTIONS, written

POSTS = {
    f"{name}.md": f"---\ntitle: {name.title()}\ntags: [{name[0]}]\n---\n{name} leaves and roots.\n"
    for name in ("fern", "moss", "reed", "sedge", "willow")
}


class Site:
    """A folder of posts, an index that is kept up to date, and one that is always built in full."""

    def __init__(self, folder: Path, read: list[str]) -> None:
        self.content = folder / "posts"
        self.index = folder / "index"
        self.analyses = self.index / ANALYSES_DIR
        self._full = folder / "full"
        self._read = read

    def update(self, options: BuildOptions = OPTIONS) -> list[str]:
        """Builds, and gives the names of the files that were taken apart for it, in order.

        Checks that the index is that of a full build, and so is the report.
        """
        self._read.clear()
        report = update_index(self.content, self.index, options)
        names = sorted(self._read)
        full = build_index(self.content, self._full, options)
        assert written(self.index) == written(self._full)
        assert replace(report, generation="", seconds=0) == replace(full, generation="", seconds=0)
        return names

    def change(self, name: str, text: str) -> None:
        file = self.content / name
        file.write_text(file.read_text() + f"{text}\n")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """POSTS, built once."""
    read: list[str] = []

    def noted(file: FoundFile, options: LoadOptions, folders: frozenset[str]) -> FileReading:
        read.append(file.source)
        return read_file(file, options, folders)

    monkeypatch.setattr(analyzing, "read_file", noted)
    write_site(tmp_path / "posts", POSTS)
    site = Site(tmp_path, read)
    assert site.update() == sorted(POSTS)
    return site


def test_only_what_has_changed_is_read(site: Site) -> None:
    site.change("moss.md", "Carpets of zebra green.")
    assert site.update() == ["moss.md"]
    site.change("moss.md", "More.")
    site.change("reed.md", "More.")
    assert site.update() == ["moss.md", "reed.md"]


def test_what_is_gone_leaves_nothing_behind(site: Site) -> None:
    site.change("moss.md", "Quokka Quokka wombat-station.")
    assert site.update() == ["moss.md"]
    (site.content / "moss.md").unlink()
    assert site.update() == []
    (site.content / "sedge.md").rename(site.content / "aster.md")
    assert site.update() == ["aster.md"]


def test_files_that_are_no_posts_are_known_as_well(site: Site) -> None:
    write_site(
        site.content,
        {
            "broken.md": "---\ntitle: B\n",
            "draft.md": "---\ntitle: D\ndraft: true\n---\nUnseen.\n",
            "odd.md": "---\ntitle: Odd\ndate: soon\n---\nOdd.\n",
            "picture.png": "no picture",
        },
    )
    assert site.update() == ["broken.md", "draft.md", "odd.md", "picture.png"]
    site.change("fern.md", "More.")
    assert site.update() == ["fern.md", "picture.png"], "a picture is not opened"


def test_a_post_whose_path_another_takes_comes_back(site: Site) -> None:
    write_site(site.content, {"a.md": "---\ntitle: A\npath: /moss\n---\nFirst.\n"})
    assert site.update() == ["a.md"]
    site.change("fern.md", "More.")
    assert site.update() == ["fern.md", "moss.md"], "it stands back, and that may end"
    (site.content / "a.md").unlink()
    assert site.update() == ["moss.md"]
    site.change("fern.md", "More.")
    assert site.update() == ["fern.md"]


def test_the_only_post_of_a_folder_is_read_again_when_it_is_so_no_more(site: Site) -> None:
    write_site(site.content, {"trip/index.md": "---\ntitle: Trip\n---\nAlone.\n"})
    assert site.update() == ["trip/index.md"]
    write_site(site.content, {"trip/second.md": "---\ntitle: Second\n---\nWith it.\n"})
    assert site.update() == ["trip/index.md", "trip/second.md"]


def test_a_post_that_is_due_or_expired_is_read_again(site: Site) -> None:
    write_site(site.content, {"due.md": "---\ntitle: Due\ndate: 2026-06-03\n---\nLater.\n"})
    assert site.update() == ["due.md"]
    later = replace(OPTIONS, load=LoadOptions(now=NOW + timedelta(days=3)))
    assert site.update(later) == ["due.md"]
    assert site.update() == sorted([*POSTS, "due.md"]), "a clock that was set back: all are"


@pytest.mark.parametrize(
    "options",
    [
        replace(OPTIONS, language="de"),
        replace(OPTIONS, load=LoadOptions("/posts/:slug", now=NOW)),
        replace(OPTIONS, load=LoadOptions(include=frozenset({"drafts"}), now=NOW)),
    ],
)
def test_with_other_settings_all_is_read(site: Site, options: BuildOptions) -> None:
    assert site.update(options) == sorted(POSTS)
    site.change("fern.md", "More.")
    assert site.update(options) == ["fern.md"]


def test_with_other_versions_all_is_read(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.analyses.SCHEMA_VERSION", 10**6)
    site.change("fern.md", "More.")
    assert site.update() == sorted(POSTS)


def test_a_build_from_scratch_reads_all_and_is_gone_on_from(site: Site) -> None:
    site.change("fern.md", "More.")
    build_index(site.content, site.index, OPTIONS)
    site.change("moss.md", "More.")
    assert site.update() == ["moss.md"]


def test_whatever_byte_is_damaged_the_index_is_right(site: Site) -> None:
    places = random.Random(3)
    for number in range(40):
        posts, state = sorted(site.analyses.iterdir())
        file = (posts, state)[number % 2]
        whole = bytearray(file.read_bytes())
        # The ends, where a state has what tells how to read it, and anywhere.
        at = (0, -1, -5, -20, places.randrange(len(whole)))[number // 2 % 5]
        whole[at] ^= 1 << places.randrange(8)
        file.write_bytes(whole)
        site.change("fern.md", f"More {number}.")
        read = site.update()
        assert read == sorted(POSTS) if file == state else "fern.md" in read


@pytest.mark.parametrize("keep", [0, 1, 100, -1])
def test_what_was_cut_off_is_not_gone_on_from(site: Site, keep: int) -> None:
    for kind in ("posts-*.bin", "state.npz"):
        (file,) = site.analyses.glob(kind)
        file.write_bytes(file.read_bytes()[:keep])
        site.change("fern.md", "More.")
        assert site.update() == sorted(POSTS)


def test_what_was_kept_may_be_gone_or_in_part(site: Site) -> None:
    for file in sorted(site.analyses.iterdir()):
        file.unlink()
        site.change("fern.md", "More.")
        assert site.update() == sorted(POSTS)
    shutil.rmtree(site.analyses)
    site.change("fern.md", "More.")
    assert site.update() == sorted(POSTS)


def test_where_nothing_can_be_kept_builds_go_on(site: Site) -> None:
    shutil.rmtree(site.analyses)
    site.analyses.write_text("in the way")
    for _ in range(2):
        site.change("fern.md", "More.")
        assert site.update() == sorted(POSTS)


def test_what_no_post_needs_does_not_pile_up(site: Site) -> None:
    def size() -> int:
        files = list(site.analyses.iterdir())
        assert sorted(file.name[:5] for file in files) == ["posts", "state"]
        return sum(file.stat().st_size for file in files)

    text = site.content / "fern.md"
    before, first = text.read_text(), size()
    for number in range(30):
        text.write_text(before + f"Words that none other has: word{number}a word{number}b.\n" * 3)
        assert len(site.update()) in {1, len(POSTS)}
    assert size() < 3 * first


def test_two_builds_that_began_with_the_same_both_keep_what_is_right(site: Site) -> None:
    with open_analyses(site.index, OPTIONS) as first:
        site.change("fern.md", "More.")
        assert site.update() == ["fern.md"]
        options = analyzing.AnalyzeOptions(OPTIONS.load)
        found = analyzing.analyze_folder(site.content, options, first.gathered, first.readings)
        with build_lock(site.index):
            keep_analyses(site.index, OPTIONS, first, found.readings)
    site.change("moss.md", "More.")
    assert site.update() == ["moss.md"]


def test_a_site_whose_phrases_are_sampled_is_read_in_full(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which documents are passed over depends on their order, which is that of the files."""
    monkeypatch.setattr(phrases, "MAX_SAMPLED_WORDS", 60)
    site.change("fern.md", "More words than are counted. " * 10)
    assert site.update() == ["fern.md", *sorted(POSTS)]
    site.change("moss.md", "More.")
    assert site.update() == sorted(POSTS)


def test_a_real_site_after_edits_is_as_if_it_had_been_read_in_full(
    corpora: Path, site: Site
) -> None:
    shutil.rmtree(site.content)
    shutil.copytree(corpora / "rust-blog", site.content)
    options = replace(OPTIONS, max_shrink=1, processes=1)
    everything = site.update(options)
    posts = sorted(site.content.rglob("*.md"))
    chosen = random.Random(11).sample(posts, 12)
    for file in chosen[:5]:
        lines = file.read_text().splitlines(keepends=True)
        file.write_text("".join([*lines[:-3], "Ferris wrote a *new* paragraph here.\n"]))
    for file in chosen[5:8]:
        file.unlink()
    for file in chosen[8:10]:
        file.rename(file.with_name(f"renamed-{file.name}"))
    for file in chosen[10:]:
        shutil.copy(file, file.with_name(f"another-{file.name}"))
    assert len(everything) > 700
    assert len(site.update(options)) < 20
