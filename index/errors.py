"""What can go wrong on the indexing side, and what is told to the owner.

    SignpostError                   every error that Signpost raises on purpose
    ├── MalformedPostError          one file cannot become a post (never stops a build)
    ├── BuildError                  nothing was published
    │   ├── ContentNotFoundError    the folder of posts is not there, or is not a folder
    │   ├── ContentChangedError     posts went away while they were read
    │   ├── ShrinkError             there are far fewer posts than in the published index
    │   ├── MemoryBoundError        it needs more memory than it may have
    │   ├── StrictBuildError        there are problems, and `--strict` was asked for
    │   └── BuildLockedError        another build is writing to the same index
    ├── WatchingError               the folder of posts can't be watched
    ├── PruningError                old generations can't be removed
    └── IndexUnavailableError       there is nothing that can be opened
        ├── IndexNotFoundError      no generation was ever published there
        ├── IndexVersionError       made by another version; it has to be rebuilt
        ├── IndexDamagedError       a file is missing or does not match its checksum
        └── ClusterError            the cluster that has the index can't do what is asked
            ├── ClusterAwayError            no node of it answers
            ├── ClusterSlowError            it does not answer in time
            ├── ClusterNotWellError         it has lost shards, or has too much to do
            ├── ClusterReadOnlyError        it takes no writes: its disks are full
            ├── ClusterRefusedError         it lets nobody of that name in, or can't be trusted
            ├── ClusterIndexNotFoundError   nothing was ever published there
            ├── ClusterVersionError         made by another version; it has to be rebuilt
            ├── ClusterDamagedError         what is in it is not what was sent
            └── ClusterPackageError         the package that talks to clusters is not installed

Every message is one or two plain sentences for the site's owner: what is wrong, where, and what
to do about it.
"""

from pathlib import Path
from typing import Any

from index.post import LeftOut, Problem


class SignpostError(Exception):
    """Base of every error that Signpost raises on purpose; `str()` is fit to be shown."""


class MalformedPostError(SignpostError):
    """A file cannot become a post.

    `reason` is a sentence without the file's name; `line` counts from 1 and is 1 where the whole
    file is meant; `field` is the front matter key at fault, if it is one.
    """

    def __init__(self, reason: str, *, line: int = 1, field: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
        self.field = field


class BuildError(SignpostError):
    """A build could not be done; whatever was published before is untouched."""


class ContentNotFoundError(BuildError):
    """The folder of posts does not exist, is not a folder, or cannot be read."""


class ContentChangedError(BuildError):
    """Posts that were there when the build began are gone before it ends."""


class ShrinkError(BuildError):
    """There are far fewer posts than in the published index, which is rarely meant."""


class MemoryBoundError(BuildError):
    """The build needs more memory than it may have."""


class StrictBuildError(BuildError):
    """There are problems with the posts, and `--strict` asks for none.

    `problems` are all of them, `left_out` the files that were not going to be indexed.
    """

    def __init__(self, problems: tuple[Problem, ...], left_out: tuple[LeftOut, ...]) -> None:
        noun = "problem" if len(problems) == 1 else "problems"
        super().__init__(f"{len(problems)} {noun} with the posts; nothing was published.")
        self.problems = problems
        self.left_out = left_out

    def as_json(self) -> dict[str, Any]:
        """What `build --json` prints in place of a report: the same keys, no generation."""
        return {
            "error": str(self),
            "generation": None,
            "left_out": [entry.as_json() for entry in self.left_out],
            "problems": [problem.as_json() for problem in self.problems],
        }


class BuildLockedError(BuildError):
    """Another build holds the lock of this index."""


class WatchingError(SignpostError):
    """The system does not tell of changes to the folder of posts."""


class PruningError(SignpostError):
    """Old generations can't be removed."""


class IndexUnavailableError(SignpostError):
    """No generation can be opened."""


class IndexNotFoundError(IndexUnavailableError):
    """Nothing was ever published in this folder."""


class IndexVersionError(IndexUnavailableError):
    """The generation was made by another version of Signpost and has to be rebuilt."""


class IndexDamagedError(IndexUnavailableError):
    """A file of the generation is missing or not what the manifest says.

    `reason` says which and how, without a full stop; the whole message is a sentence.
    """

    reason = ""

    @classmethod
    def of(cls, index_dir: Path, reason: str) -> "IndexDamagedError":
        """The error about the index in a folder, with what to do."""
        error = cls(
            f"The index in {index_dir} is damaged: {reason}. "
            f"Rebuild it: signpost build --index {index_dir}"
        )
        error.reason = reason
        return error


class ClusterError(IndexUnavailableError):
    """The cluster that has the index can't do what is asked of it."""


class ClusterAwayError(ClusterError):
    """No node of the cluster answers."""


class ClusterSlowError(ClusterError):
    """The cluster does not answer in time."""


class ClusterNotWellError(ClusterError):
    """The cluster has lost shards, has no manager, or has more to do than it can."""


class ClusterReadOnlyError(ClusterError):
    """The cluster takes no writes, mostly because its disks are nearly full."""


class ClusterRefusedError(ClusterError):
    """The cluster refuses the name or the password, or its certificate can't be trusted."""


class ClusterIndexNotFoundError(ClusterError):
    """The cluster has no index of this name."""


class ClusterVersionError(ClusterError):
    """The index in the cluster was made by another version of Signpost and has to be rebuilt."""


class ClusterDamagedError(ClusterError):
    """What the cluster has is not what was sent to it."""


class ClusterPackageError(ClusterError):
    """The package that talks to clusters is not installed."""
