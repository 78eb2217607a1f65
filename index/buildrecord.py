"""What a generation keeps of its build: what it was made of and by, and what it reported."""

import json
import platform
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from index.buildoptions import BuildOptions
from index.generation import RECORD_FILE
from index.inputs import Inputs
from index.permalinks import Permalinks
from index.post import LeftOut, LoadedPosts, Problem

SHAPING_PACKAGES: Final = (
    "signpost-search",
    "markdown-it-py",
    "numpy",
    "PyStemmer",
    "python-frontmatter",
    "PyYAML",
    "scikit-learn",
    "scipy",
    "whoosh3",
)
"""Those whose next version may make something else of the same posts."""


@dataclass(frozen=True, slots=True)
class BuildRecord:
    """A build's inputs, what shaped what became of them, and the part of its report that lasts.

    The versions of formats and of the analysis are not in it; the manifest has them.
    """

    shape: dict[str, Any]
    inputs: Inputs
    left_out: tuple[LeftOut, ...]
    problems: tuple[Problem, ...]


def shape_of(options: BuildOptions) -> dict[str, Any]:
    """The settings and versions that tell what becomes of a folder of posts, as JSON has them."""
    permalink = options.load.permalink
    patterns = permalink if isinstance(permalink, Permalinks) else Permalinks(permalink)
    return {
        "permalink": patterns.pattern,
        "permalinks": [[folder, list(each)] for folder, each in patterns.by_folder.items()],
        "include": sorted(options.load.include),
        "base_url": options.base_url,
        "language": options.language,
        "python": platform.python_version(),
        "packages": {name: version(name) for name in SHAPING_PACKAGES},
    }


def write_record(
    directory: Path, loaded: LoadedPosts, inputs: Inputs, options: BuildOptions
) -> None:
    """Writes the record of a build into its generation. Raises OSError."""
    record = {
        "shape": shape_of(options),
        "inputs": inputs.as_json(),
        "left_out": [entry.as_json() for entry in loaded.left_out],
        "problems": [problem.as_json() for problem in loaded.problems],
    }
    (directory / RECORD_FILE).write_text(json.dumps(record), encoding="utf-8")


def read_record(directory: Path) -> BuildRecord:
    """The record of a generation.

    Raises FileNotFoundError where its build kept none; and, of one that is not known to be whole,
    ValueError, KeyError or TypeError.
    """
    fields = json.loads((directory / RECORD_FILE).read_text(encoding="utf-8"))
    return BuildRecord(
        shape=fields["shape"],
        inputs=Inputs.from_json(fields["inputs"]),
        left_out=tuple(LeftOut(**entry) for entry in fields["left_out"]),
        problems=tuple(Problem(**problem) for problem in fields["problems"]),
    )
