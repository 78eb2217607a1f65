"""A folder with a small site, and the command run there as a person runs it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

POSTS = {
    "fern.md": "---\ntitle: Fern\ntags: [Shade]\n---\nGreen leaves \x1b[31mred.\n",
    "moss.md": "---\ntitle: Moss\ntags: [Shade]\n---\nGreen carpets.\n",
}


class Site:
    """A folder to run the command in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, files: dict[str, str]) -> None:
        for name, text in files.items():
            file = self.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")

    def run(
        self, *arguments: str, code: int = 0, stdin: str = ""
    ) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", "from search.cli import main; main()", *arguments]
        done = subprocess.run(
            command,
            cwd=self.folder,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            env={"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": "", "LANG": "C.UTF-8"},
        )
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr
        return done

    def json(self, *arguments: str, code: int = 0, stdin: str = "") -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(
            self.run(*arguments, "--json", code=code, stdin=stdin).stdout
        )
        return answer


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path)
    site.write({f"content/{name}": text for name, text in POSTS.items()})
    return site
