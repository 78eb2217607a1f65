"""Which posts of a generation are those of another one, told by their digests."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from index.opensearch import digests
from index.opensearch.digests import DIGEST_BYTES, post_digests

CHANGED = (
    {"/017", "/018"},
    {"/000a", "/250"},
    {"/020", "/021", "/030", "/031"},
    {"/040", "/041", "/042"},
    {"/040", "/043", "/soil-1", "/soil-2"},
)


def by_path(generation: Path) -> dict[str, bytes]:
    found = post_digests(generation)
    assert found.shape[1] == DIGEST_BYTES
    with closing(sqlite3.connect(generation / "documents.sqlite")) as database:
        rows = database.execute("SELECT path, docnum FROM documents").fetchall()
    return {path: found[doc].tobytes() for path, doc in rows}


def test_they_tell_which_posts_have_changed(site: tuple[Path, ...]) -> None:
    told = list(map(by_path, site))
    for before, after, changed in zip(told, told[1:], CHANGED, strict=False):
        assert {path for path, _ in before.items() ^ after.items()} == changed


def test_posts_are_told_apart(generation: Path) -> None:
    told = by_path(generation)
    assert len(set(told.values())) == len(told)


def test_few_at_a_time_give_the_same(generation: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = by_path(generation)
    monkeypatch.setattr(digests, "USES_AT_ONCE", 7)
    monkeypatch.setattr(digests, "DOCUMENTS_AT_ONCE", 2)
    assert by_path(generation) == whole


def number(name: str, at: int = 0) -> Callable[[Path], None]:
    """Changes a number of an array by one."""

    def change(generation: Path) -> None:
        array = np.load(generation / f"{name}.npy")
        array[at] = ~array[at] if array.dtype == bool else array[at] + 1
        np.save(generation / f"{name}.npy", array)

    change.__name__ = name
    return change


def row(statement: str) -> Callable[[Path], None]:
    """Changes what a post has in the database."""

    def change(generation: Path) -> None:
        with closing(sqlite3.connect(generation / "documents.sqlite")) as database, database:
            assert database.execute(statement).rowcount == 1

    change.__name__ = statement.split(" WHERE", maxsplit=1)[0]
    return change


def text(generation: Path) -> None:
    data = bytearray((generation / "texts" / "texts.bin").read_bytes())
    data[100] ^= 1
    (generation / "texts" / "texts.bin").write_bytes(data)


def group(generation: Path) -> None:
    array = np.load(generation / "columns" / "translations.of.npy")
    array[np.flatnonzero(array < 0)[0]] = 0
    np.save(generation / "columns" / "translations.of.npy", array)


@pytest.mark.parametrize(
    "change",
    [
        number("matrix/uses", 50),
        number("matrix/unit_fields"),
        number("texts/word_starts"),
        number("texts/word_bytes"),
        number("texts/anchors.bytes"),
        number("columns/timestamps"),
        number("columns/boosts"),
        number("columns/is_popular"),
        number("columns/series.parts"),
        row("UPDATE documents SET path = '/elsewhere' WHERE docnum = 3"),
        row("UPDATE documents SET fields = '{}' WHERE docnum = 3"),
        row("UPDATE bodies SET html = x'00' WHERE docnum = 3"),
        row("UPDATE aliases SET alias = '/another' WHERE alias = '/proxy'"),
        row("UPDATE pins SET key = 'another' WHERE key = 'proxy tuning'"),
        text,
        group,
    ],
    ids=lambda change: change.__name__,
)
def test_whatever_is_a_posts_own_is_in_it(
    change: Callable[[Path], None], generation: Path, tmp_path: Path
) -> None:
    copy = shutil.copytree(generation, tmp_path / "copy")
    change(copy)
    differ = np.any(post_digests(generation) != post_digests(copy), axis=1)
    assert np.count_nonzero(differ) == 1


def test_a_label_spelt_otherwise_is_in_that_of_all_that_have_it(
    generation: Path, tmp_path: Path
) -> None:
    copy = shutil.copytree(generation, tmp_path / "copy")
    number("columns/tags.values.bytes")(copy)
    having = np.load(generation / "columns" / "tags.docs.npy")
    having = having[: np.load(generation / "columns" / "tags.starts.npy")[1]]
    differ = np.any(post_digests(generation) != post_digests(copy), axis=1)
    assert np.flatnonzero(differ).tolist() == having.tolist()


@pytest.mark.parametrize(
    "name",
    [
        "matrix/use_weights",
        "vectors/concepts",
        "vectors/sketch.weights",
        "vectors/blocks.data",
        "columns/newest_rank",
    ],
)
def test_what_depends_on_other_posts_is_not_in_it(
    name: str, generation: Path, tmp_path: Path
) -> None:
    copy = shutil.copytree(generation, tmp_path / "copy")
    number(name)(copy)
    assert np.array_equal(post_digests(generation), post_digests(copy))


def test_numbers_of_groups_are_not_in_it(generation: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(generation, tmp_path / "copy")
    for name in ("series", "translations"):
        of = np.load(generation / "columns" / f"{name}.of.npy")
        np.save(copy / "columns" / f"{name}.of.npy", np.where(of >= 0, of + 7, of))
    assert np.array_equal(post_digests(generation), post_digests(copy))
