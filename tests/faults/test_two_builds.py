"""Two builds at once: one publishes, the other is told who is at work; a dead one is in no way."""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from index.errors import BuildLockedError
from index.lock import build_lock
from index.pruning import prune_index
from tests.faults.conftest import ROOT, Builder
from tests.faults.sites import write_posts


@pytest.fixture
def built(builder: Builder) -> Builder:
    write_posts(builder.content, "before")
    assert builder.build()["code"] == 0
    write_posts(builder.content, "after")
    return builder


def test_the_second_is_told_who_the_first_is_for_as_long_as_that_one_lives(built: Builder) -> None:
    indexing = built.build()["events"].index("Indexing: 20 of 40")
    write_posts(built.content, "third")
    first = built.build(pause=indexing)["process"]
    try:
        with pytest.raises(BuildLockedError, match=rf"pid {first} on {socket.gethostname()}\)"):
            prune_index(built.index_dir, keep=1)
        assert f"(pid {first} on {socket.gethostname()}). Wait until it is done, or end it." in str(
            built.build()["error"]
        )
        assert built.mark() == "after"
    finally:
        os.kill(first, signal.SIGKILL)
    assert built.build()["code"] == 0
    assert built.mark() == "third"


def test_of_builds_that_begin_together_none_is_half_done(built: Builder) -> None:
    program = "from search.cli import main; main()"
    folders = (str(built.content), "--index", str(built.index_dir))
    command = [sys.executable, "-c", program, "build", *folders]
    together = [
        subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(3)
    ]
    ended = [(process.communicate()[1].decode(), process.returncode) for process in together]
    assert {code for _, code in ended} <= {0, 3}
    assert 0 in {code for _, code in ended}
    for said, code in ended:
        assert code == 0 or re.search(r"Another build is writing to .* \(pid \d+ on ", said)
    assert built.mark() == "after"


LOCK_AND_FORK = """
import os, signal, sys
from pathlib import Path
from index.lock import build_lock

with build_lock(Path(sys.argv[1])):
    is_there, says_so = os.pipe()
    if os.fork():
        os.read(is_there, 1)
        os.kill(os.getpid(), signal.SIGKILL)
    os.write(says_so, b".")
    os.setsid()
    sys.stdin.read()
"""


def test_a_helper_that_outlives_a_killed_build_does_not_keep_its_lock(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", LOCK_AND_FORK, tmp_path], cwd=ROOT, stdin=subprocess.PIPE
    ) as process:
        assert process.wait() == -signal.SIGKILL
        with build_lock(tmp_path):
            assert f"pid {os.getpid()} on " in (tmp_path / "build.lock").read_text("utf-8")


def test_a_forked_process_leaves_the_lock_to_its_parent(tmp_path: Path) -> None:
    with build_lock(tmp_path):
        subprocess.run(["/bin/true"], check=True, preexec_fn=lambda: None)  # forks, in Python
        with pytest.raises(BuildLockedError), build_lock(tmp_path):
            pass
    with build_lock(tmp_path):
        pass
