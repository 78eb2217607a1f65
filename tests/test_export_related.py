"""Exports of related lists: the command in real processes, the files, and what changed."""

import json
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.build import build_index
from search import open_engine
from search.errors import ExportError
from search.every_post import EngineSource, every_post
from search.export_related import ExportedList, exported_list, write_folder, write_single_file
from search.related_diff import compare, read_export

COMMAND = [sys.executable, "-c", "from search.cli import main; main()"]
ENVIRONMENT = {"PYTHONPATH": str(Path(__file__).parents[1]), "PATH": "", "LANG": "C.UTF-8"}
WORDS = "amber birch cedar dune ember fjord grove heath inlet jetty".split()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an index of 1,100 posts: enough for more than one process."""
    folder = tmp_path_factory.mktemp("site")
    for n in range(1_100):
        name = folder / "content" / WORDS[n % 10] / f"{WORDS[n // 10 % 10]}-{n}.md"
        name.parent.mkdir(parents=True, exist_ok=True)
        text = " ".join(WORDS[(n * k) % 10] for k in (1, 2, 3, 7))
        name.write_text(f"---\ntitle: '{text} \"{n}\" ü'\n---\n{text} {n}\n", encoding="utf-8")
    (folder / "content" / "index.md").write_text("---\ntitle: Home\n---\nHi.\n", encoding="utf-8")
    build_index(folder / "content", folder / "build" / "index")
    return folder


def run(site: Path, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [*COMMAND, "export", "related", *arguments],
        cwd=site,
        capture_output=True,
        text=True,
        check=False,
        env=ENVIRONMENT,
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done


def test_one_file_has_every_list_as_the_api_gives_it(site: Path, tmp_path: Path) -> None:
    done = run(site, "--out", str(tmp_path / "related.json"), "--limit", "3")
    assert "Wrote 1,101 lists to " in done.stdout
    lists = json.loads((tmp_path / "related.json").read_text(encoding="utf-8"))
    engine = open_engine(site / "build" / "index")
    assert list(lists) == list(engine.paths()) == sorted(lists)
    for path in list(lists)[::50]:
        answer: dict[str, Any] = json.loads(
            json.dumps(engine.related(path, limit=3).as_json(), ensure_ascii=False)
        )
        assert lists[path] == answer["related"]


def test_a_folder_has_a_file_for_each_post(site: Path, tmp_path: Path) -> None:
    run(site, "--out", str(tmp_path / "lists"))
    files = sorted(file for file in (tmp_path / "lists").rglob("*") if file.is_file())
    assert len(files) == 1_101
    by_path = {entry["path"]: entry["related"] for entry in map(_loaded, files)}
    run(site, "--out", str(tmp_path / "all.json"))
    assert by_path == _loaded(tmp_path / "all.json")
    assert _loaded(tmp_path / "lists" / "index.json")["path"] == "/"
    assert _loaded(tmp_path / "lists" / "amber" / "amber-0.json")["path"] == "/amber/amber-0"


def _loaded(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def test_the_bytes_are_the_same_each_time_with_one_process_or_two(
    site: Path, tmp_path: Path
) -> None:
    source = EngineSource(site / "build" / "index")
    ask = partial(exported_list, limit=5)
    for name, processes in (("one", 1), ("two", 2), ("three", 3)):
        write_single_file(tmp_path / f"{name}.json", every_post(source, ask, processes))
    one, two, three = ((tmp_path / f"{n}.json").read_bytes() for n in ("one", "two", "three"))
    assert one == two == three


def test_progress_comes_to_the_number_of_posts(site: Path) -> None:
    told: list[tuple[int, int]] = []
    source = EngineSource(site / "build" / "index")
    answers = every_post(source, _path_of, 2, lambda done, total: told.append((done, total)))
    assert all(path == asked for path, asked in answers)
    assert told[-1] == (1_101, 1_101)


def _path_of(_engine: object, path: str) -> str:
    return path


def test_files_that_are_right_are_left_alone_and_no_file_is_deleted(tmp_path: Path) -> None:
    lists = {path: ExportedList((), "[]") for path in ("/", "/a", "/a/b")}
    (tmp_path / "mine.txt").write_text("mine")
    write_folder(tmp_path, lists.items())
    before = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*.json")}
    assert sorted(file.relative_to(tmp_path).as_posix() for file in before) == [
        "a.json",
        "a/b.json",
        "index.json",
    ]
    write_folder(tmp_path, (lists | {"/a": ExportedList((), "[1]")}).items())
    changed = [file.name for file, at in before.items() if file.stat().st_mtime_ns != at]
    assert changed == ["a.json"]
    assert (tmp_path / "mine.txt").read_text() == "mine"


@given(st.text(st.sampled_from("/.\\ \0:ab~üé$%"), max_size=12).map(lambda text: "/" + text))
def test_no_path_leads_out_of_the_folder(
    tmp_path_factory: pytest.TempPathFactory, path: str
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    out = outside / "deep" / "out"
    try:
        write_folder(out, [(path, ExportedList((), "[]"))])
    except ExportError as error:
        assert path in str(error)  # noqa: PT017  # either way is right, but for its own reason
    for file in outside.rglob("*"):
        assert file.is_dir() or out in file.parents


@pytest.mark.parametrize("path", ["/../up", "/a/../../up", "/a/./b", "/" + "ü" * 200, "/a\0b"])
def test_a_path_that_can_be_no_file_is_told_with_a_way_out(tmp_path: Path, path: str) -> None:
    with pytest.raises(ExportError, match=r"There can be no file .* --out related.json"):
        write_folder(tmp_path, [(path, ExportedList((), "[]"))])


def test_two_posts_that_would_be_one_file_are_both_named(tmp_path: Path) -> None:
    lists = [("/", ExportedList((), "[]")), ("/Index", ExportedList((), "[]"))]
    with pytest.raises(ExportError, match="The lists of / and /Index would be in the same file"):
        write_folder(tmp_path, lists)


def test_a_folder_that_cannot_be_written_is_a_sentence(site: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = run(site, "--out", str(tmp_path / "file" / "related.json"), code=3)
    assert "can't be written" in done.stderr
    assert (tmp_path / "file").read_text() == "in the way"


def test_a_full_disk_leaves_the_earlier_export_as_it_was(site: Path, tmp_path: Path) -> None:
    out = tmp_path / "related.json"
    out.write_text("{}")
    limited = f"ulimit -f 8; exec {' '.join(map(_quoted, COMMAND))} export related --out {out}"
    done = subprocess.run(
        ["/bin/sh", "-c", limited],
        cwd=site,
        capture_output=True,
        text=True,
        check=False,
        env=ENVIRONMENT,
    )
    assert done.returncode == 3, done.stderr
    assert "Make room" in done.stderr
    assert out.read_text() == "{}"
    assert [file.name for file in tmp_path.iterdir()] == ["related.json"]


def _quoted(word: str) -> str:
    return f"'{word}'"


def test_killed_in_the_middle_it_leaves_no_half_a_file(site: Path, tmp_path: Path) -> None:
    for seconds in (1.2, 2.4):
        out = tmp_path / f"after-{seconds}"
        command = [*COMMAND, "export", "related", "--out", str(out)]
        process = subprocess.Popen(
            command, cwd=site, env=ENVIRONMENT, start_new_session=True, stderr=subprocess.DEVNULL
        )
        time.sleep(seconds)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for file in out.rglob("*.json"):
            assert isinstance(_loaded(file)["related"], list)


def test_a_diff_tells_what_a_change_of_posts_does(site: Path, tmp_path: Path) -> None:
    content, index = tmp_path / "content", tmp_path / "index"
    content.mkdir()
    for n, word in enumerate(WORDS):
        text = f"---\ntitle: {word}\ndate: 2020-01-{n + 1:02}\n---\n{word}\n"
        (content / f"{word}.md").write_text(text, encoding="utf-8")
    build_index(content, index)
    old = tmp_path / "old"
    run(site, "--index", str(index), "--out", str(old))
    same = run(site, "--index", str(index), "--diff", str(old))
    assert same.stdout.strip() == "0 lists changed, 10 the same, 0 new, 0 gone."

    (content / "amber.md").unlink()
    (content / "kelp.md").write_text("---\ntitle: Kelp\ndate: 2020-02-01\n---\nKelp.\n")
    build_index(content, index)
    done = run(site, "--index", str(index), "--diff", str(old), "--json")
    diff = json.loads(done.stdout)["diff"]
    assert (diff["new"], diff["gone"]) == (["/kelp"], ["/amber"])
    assert len(diff["changed"]) == 9
    assert all("/kelp" in change["entered"] for change in diff["changed"])
    told = run(site, "--index", str(index), "--diff", str(old)).stdout
    assert told.startswith("9 lists changed, 0 the same, 1 new, 1 gone.")
    assert "    + /kelp" in told


def test_one_of_out_and_diff_is_needed(site: Path) -> None:
    assert "--out" in run(site, code=2).stderr


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "it is not JSON"),
        ("[1]", "it is no JSON object"),
        ('{"/a": 1}', "what it has for /a is no related list"),
        ('{"/a": [{"title": "x"}]}', "what it has for /a is no related list"),
    ],
)
def test_what_is_no_export_is_told_with_the_file(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "old.json"
    file.write_text(text)
    with pytest.raises(ExportError, match=f"old.json is no export of related lists: {told}"):
        read_export(file)


def test_a_folder_without_lists_or_with_other_files_is_no_export(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"no \.json files"):
        read_export(tmp_path)
    (tmp_path / "package.json").write_text('{"name": "site"}')
    with pytest.raises(ExportError, match='it has no "path"'):
        read_export(tmp_path)


paths = st.lists(st.sampled_from("abcdef"), unique=True)


@given(
    st.dictionaries(st.sampled_from("pqr"), paths), st.dictionaries(st.sampled_from("pqr"), paths)
)
def test_a_diff_accounts_for_every_list_and_every_place(
    old: dict[str, list[str]], new: dict[str, list[str]]
) -> None:
    diff = compare(old, new)
    changed = {change.path for change in diff.changed}
    assert len(diff.new) + len(changed) + diff.unchanged == len(new)
    assert len(diff.gone) + len(changed) + diff.unchanged == len(old)
    assert changed == {path for path in old.keys() & new.keys() if old[path] != new[path]}
    for change in diff.changed:
        assert set(old[change.path]) - set(change.left) | set(change.entered) == set(
            new[change.path]
        )
        assert change.entered or change.left or change.moved
