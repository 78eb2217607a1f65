"""A build killed at any moment leaves what was published, and nothing in the next one's way."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

from index.build import build_index
from index.opening import open_current
from search import open_engine

BUILD = """
import sys
from pathlib import Path
from index.build import build_index

def announce(step, done, total):
    print(step, flush=True)

build_index(Path(sys.argv[1]), Path(sys.argv[2]), progress=announce)
"""

KILLS = 12


def write_posts(folder: Path, word: str) -> None:
    folder.mkdir(exist_ok=True)
    for number in range(40):
        text = f"---\ntitle: Post {number}\n---\n{word} {number} " + "common words again " * 50
        (folder / f"{number}.md").write_text(text, encoding="utf-8")


def test_a_killed_build_leaves_the_old_answers_or_has_the_new_ones(tmp_path: Path) -> None:
    """Killed after a random number of progress lines, from the first read post to the end."""
    content, index_dir = tmp_path / "posts", tmp_path / "index"
    write_posts(content, "before")
    build_index(content, index_dir)
    write_posts(content, "after")
    moments = random.Random(7)
    for _ in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, "-c", BUILD, content, index_dir],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        for _line in range(moments.randrange(1, 86)):
            if not process.stdout.readline():
                break
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        open_current(index_dir)
        engine = open_engine(index_dir)
        totals = (engine.search("before").total, engine.search("after").total)
        assert totals in {(40, 0), (0, 40)}
    build_index(content, index_dir)
    assert open_engine(index_dir).search("after").total == 40
    names = [path.name for path in (index_dir / "generations").iterdir()]
    assert not any(name.startswith(".") for name in names)
