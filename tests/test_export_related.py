"""Exports of related lists: the command in real processes, the files, and what changed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
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
from search.export_related import (
    ExportedList,
    check_file_names,
    exported_list,
    write_folder,
    write_single_file,
)
from search.related_diff import read_export
from tests.conftest import WORDS

COMMAND = [sys.executable, "-c", "from search.cli import main; main()"]
ENVIRONMENT = {"PYTHONPATH": str(Path(__file__).parents[1]), "PATH": "", "LANG": "C.UTF-8"}


def run(
    folder: Path, *arguments: str, code: int = 0, config: Path | None = None
) -> subprocess.CompletedProcess[str]:
    settings = ["--config", str(config)] if config else []
    done = subprocess.run(
        [*COMMAND, *settings, "export", "related", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env=ENVIRONMENT,
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done


def test_one_file_has_every_list_as_the_api_gives_it(large_site: Path, tmp_path: Path) -> None:
    done = run(large_site, "--out", str(tmp_path / "related.json"), "--limit", "3")
    assert "Wrote 1,101 lists to " in done.stdout
    lists = json.loads((tmp_path / "related.json").read_text(encoding="utf-8"))
    engine = open_engine(large_site / "build" / "index")
    assert list(lists) == list(engine.paths()) == sorted(lists)
    for path in list(lists)[::50]:
        answer: dict[str, Any] = json.loads(
            json.dumps(engine.related(path, limit=3).as_json(), ensure_ascii=False)
        )
        assert lists[path] == answer["related"]


def test_a_folder_has_a_file_for_each_post(large_site: Path, tmp_path: Path) -> None:
    run(large_site, "--out", str(tmp_path / "lists"))
    files = sorted(file for file in (tmp_path / "lists").rglob("*") if file.is_file())
    assert len(files) == 1_101
    by_path = {entry["path"]: entry["related"] for entry in map(_loaded, files)}
    run(large_site, "--out", str(tmp_path / "all.json"))
    assert by_path == _loaded(tmp_path / "all.json")
    assert _loaded(tmp_path / "lists" / "index.json")["path"] == "/"
    assert _loaded(tmp_path / "lists" / "amber" / "amber-0.json")["path"] == "/amber/amber-0"


def _loaded(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def test_the_bytes_are_the_same_each_time_with_one_process_or_two(
    large_site: Path, tmp_path: Path
) -> None:
    source = EngineSource(large_site / "build" / "index")
    ask = partial(exported_list, limit=5)
    for name, processes in (("one", 1), ("two", 2), ("three", 3)):
        write_single_file(tmp_path / f"{name}.json", every_post(source, ask, processes))
    one, two, three = ((tmp_path / f"{n}.json").read_bytes() for n in ("one", "two", "three"))
    assert one == two == three


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
        check_file_names([path])
        write_folder(out, [(path, ExportedList((), "[]"))])
    except ExportError as error:
        assert path in str(error)  # noqa: PT017  # either way is right, but for its own reason
    for file in outside.rglob("*"):
        assert file.is_dir() or out in file.parents


@pytest.mark.parametrize("path", ["/../up", "/a/../../up", "/a/./b", "/" + "ü" * 200, "/a\0b"])
def test_a_path_that_can_be_no_file_is_told_with_a_way_out(tmp_path: Path, path: str) -> None:
    told = r"There can be no file .* --out related.json"
    with pytest.raises(ExportError, match=told):
        check_file_names([path])
    with pytest.raises(ExportError, match=told):
        write_folder(tmp_path, [(path, ExportedList((), "[]"))])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/", "/Index"),
        ("/Blog/a", "/blog/A"),
        ("/caf\u00e9", "/cafe\u0301"),
        ("/a", "/a.json/b"),
        ("/a", "/A.JSON/b/c"),
    ],
)
def test_two_posts_whose_files_are_in_each_others_way_are_both_named(one: str, other: str) -> None:
    for paths in ((one, other), (other, one)):
        with pytest.raises(ExportError, match="would be in each other's way") as told:
            check_file_names(["/z", *paths])
        assert one in str(told.value)
        assert other in str(told.value)


def test_files_beside_folders_of_their_names_are_in_nobodys_way(tmp_path: Path) -> None:
    lists = {path: ExportedList((), "[]") for path in ("/a", "/a/b", "/a/b/c", "/b.json/c")}
    check_file_names(lists)
    write_folder(tmp_path, lists.items())
    assert read_export(tmp_path) == {path: [] for path in lists}


def test_clashing_posts_are_told_before_anything_is_written(tmp_path: Path) -> None:
    for name in ("A", "a", "b"):
        file = tmp_path / "content" / f"{name}.md"
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"---\ntitle: {name}\npath: /{name}\n---\n{name}\n", encoding="utf-8")
    build_index(tmp_path / "content", tmp_path / "build" / "index")
    done = run(tmp_path, "--out", "lists", code=3)
    assert "The files of /A and /a would be in each other's way" in done.stderr
    assert not (tmp_path / "lists").exists()
    run(tmp_path, "--out", "lists.json")
    assert sorted(_loaded(tmp_path / "lists.json")) == ["/A", "/a", "/b"]


def test_no_link_leads_the_export_out_of_its_folder(tmp_path: Path) -> None:
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    out.mkdir()
    elsewhere.mkdir()
    (elsewhere / "mine.json").write_text("mine")
    (out / "blog").symlink_to(elsewhere)
    (out / "a.json").symlink_to(elsewhere / "mine.json")
    (out / f".signpost-{os.getpid()}.part").symlink_to(elsewhere / "mine.json")
    write_folder(out, [("/a", ExportedList((), "[]"))])
    for path in ("/blog/x", "/blog/deep/x"):
        with pytest.raises(ExportError, match="a folder in it is a link to elsewhere"):
            write_folder(out, [(path, ExportedList((), "[]"))])
    assert [file.name for file in elsewhere.iterdir()] == ["mine.json"]
    assert (elsewhere / "mine.json").read_text() == "mine"
    assert _loaded(out / "a.json") == {"path": "/a", "related": []}
    (tmp_path / "link").symlink_to(out)
    write_folder(tmp_path / "link", [("/b", ExportedList((), "[]"))])
    assert (out / "b.json").is_file()


def test_a_folder_that_cannot_be_written_is_a_sentence(large_site: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = run(large_site, "--out", str(tmp_path / "file" / "related.json"), code=3)
    assert "can't be written" in done.stderr
    assert (tmp_path / "file").read_text() == "in the way"


def test_a_full_disk_leaves_the_earlier_export_as_it_was(large_site: Path, tmp_path: Path) -> None:
    out = tmp_path / "related.json"
    out.write_text("{}")
    limited = f"ulimit -f 8; exec {' '.join(map(_quoted, COMMAND))} export related --out {out}"
    done = subprocess.run(
        ["/bin/sh", "-c", limited],
        cwd=large_site,
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


def test_killed_in_the_middle_it_leaves_no_half_a_file(large_site: Path, tmp_path: Path) -> None:
    for seconds in (1.2, 2.4):
        out = tmp_path / f"after-{seconds}"
        command = [*COMMAND, "export", "related", "--out", str(out)]
        process = subprocess.Popen(
            command,
            cwd=large_site,
            env=ENVIRONMENT,
            start_new_session=True,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(seconds)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for file in out.rglob("*.json"):
            assert isinstance(_loaded(file)["related"], list)


def _children(pid: int) -> list[int]:
    """The processes that ask for the process `pid`; of them those that have not ended."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            is_asking = b"spawn_main" in (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if parent == pid and is_asking:
            found.append(int(folder.name))
    return found


def _is_alive(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _until(holds: Callable[[], bool]) -> None:
    for _ in range(6_000):
        if holds():
            return
        time.sleep(0.005)  # a command may be done a moment later
    pytest.fail("It did not come to that in half a minute.")


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_command_that_is_ended_leaves_no_process_and_no_traceback(
    large_site: Path, tmp_path: Path, sent: signal.Signals
) -> None:
    # A shell that starts the tests in the background would have them ignore Ctrl-C.
    heeding = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    command = [COMMAND[0], "-c", heeding + COMMAND[2]]
    command += ["export", "related", "--processes", "2", "--limit", "50"]
    process = subprocess.Popen(
        [*command, "--out", str(tmp_path / "related.json")],
        cwd=large_site,
        env=ENVIRONMENT,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    _until(lambda: len(_children(process.pid)) == 2 or process.poll() is not None)
    children = _children(process.pid)
    assert len(children) == 2
    if sent == signal.SIGINT:
        os.killpg(process.pid, sent)  # as Ctrl-C does: to the command and to what it started
    else:
        process.send_signal(sent)
    assert "Traceback" not in process.communicate(timeout=60)[1]
    assert process.returncode == (1 if sent == signal.SIGINT else -sent)
    _until(lambda: not any(map(_is_alive, children)))
    assert list(tmp_path.iterdir()) == []


def test_the_settings_are_in_force_in_every_process(large_site: Path, tmp_path: Path) -> None:
    config = tmp_path / "signpost.toml"
    config.write_text(
        f'[site]\nbase_url = "https://example.org"\n[index]\ndir = "{large_site}/build/index"\n'
        "[related.weights]\ntext = 0\n"
    )
    plain, weighed = tmp_path / "plain.json", tmp_path / "weighed.json"
    run(large_site, "--out", str(plain))
    run(large_site, "--out", str(weighed), "--processes", "3", config=config)
    lists = _loaded(weighed)
    assert lists != _loaded(plain)
    for path in list(lists)[::300]:
        asked = subprocess.run(
            [*COMMAND, "--config", str(config), "related", path, "--json"],
            cwd=large_site,
            capture_output=True,
            text=True,
            check=True,
            env=ENVIRONMENT,
        )
        assert lists[path] == json.loads(asked.stdout)["related"]
        assert all(item["url"].startswith("https://example.org/") for item in lists[path])


def test_a_diff_tells_what_a_change_of_posts_does(large_site: Path, tmp_path: Path) -> None:
    content, index = tmp_path / "content", tmp_path / "index"
    content.mkdir()
    for n, word in enumerate(WORDS):
        text = f"---\ntitle: {word}\ndate: 2020-01-{n + 1:02}\n---\n{word}\n"
        (content / f"{word}.md").write_text(text, encoding="utf-8")
    build_index(content, index)
    old = tmp_path / "old"
    run(large_site, "--index", str(index), "--out", str(old))
    same = run(large_site, "--index", str(index), "--diff", str(old))
    assert same.stdout.strip() == "0 lists changed, 10 the same, 0 new, 0 gone."

    (content / "amber.md").unlink()
    (content / "kelp.md").write_text("---\ntitle: Kelp\ndate: 2020-02-01\n---\nKelp.\n")
    build_index(content, index)
    done = run(large_site, "--index", str(index), "--diff", str(old), "--json")
    diff = json.loads(done.stdout)["diff"]
    assert (diff["new"], diff["gone"]) == (["/kelp"], ["/amber"])
    assert len(diff["changed"]) == 9
    assert all("/kelp" in change["entered"] for change in diff["changed"])
    told = run(large_site, "--index", str(index), "--diff", str(old)).stdout
    assert told.startswith("9 lists changed, 0 the same, 1 new, 1 gone.")
    assert "    + /kelp" in told


def test_one_of_out_and_diff_is_needed(large_site: Path) -> None:
    assert "--out" in run(large_site, code=2).stderr
