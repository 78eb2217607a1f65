"""A generation: one immutable, checksummed folder that an index is served from.

    <index>/CURRENT                      the name of the published generation
    <index>/build.lock                   held while a build writes
    <index>/generations/<name>/          manifest.json and the files it lists
    <index>/generations/.staging-*/      a build in progress, or what a killed one left

A generation is written aside, its manifest last, everything flushed to disk; then it is renamed
into place and CURRENT is replaced, atomically. A reader sees the old generation or the new one.
"""

import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from index import analysis
from index.errors import IndexDamagedError, IndexNotFoundError, IndexVersionError
from index.schema import SCHEMA_VERSION

FORMAT_VERSION: Final = 6
"""The layout of a generation's files; raised when an older one can't be read any more."""

KEPT_GENERATIONS: Final = 3
"""How many generations stay on disk: the current one, and some for readers that still have one
open and for going back by hand."""

FULLTEXT_DIR: Final = "fulltext"
MATRIX_DIR: Final = "matrix"
TEXTS_DIR: Final = "texts"
VECTORS_DIR: Final = "vectors"
COLUMNS_DIR: Final = "columns"
WORDS_DIR: Final = "words"
COMPLETIONS_DIR: Final = "completions"
DOCUMENTS_FILE: Final = "documents.sqlite"
MANIFEST_FILE: Final = "manifest.json"

_CURRENT_FILE = "CURRENT"
_GENERATIONS_DIR = "generations"
_STAGING_PREFIX = ".staging-"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many files were read, became posts, and were left out: files = posts + left_out."""

    files: int
    posts: int
    left_out: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation says of itself.

    `created_at` is ISO 8601 in UTC. `checksums` has the SHA-256 of every other file, by its path
    relative to the generation. `analyzer` is the fingerprint of the analysis that made the terms.
    """

    generation: str
    created_at: str
    format_version: int
    schema_version: int
    analyzer: str
    counts: Counts
    base_url: str
    checksums: dict[str, str]

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> "Manifest":
        """The manifest from its JSON object; KeyError or TypeError where it is not one."""
        return cls(**(fields | {"counts": Counts(**fields["counts"])}))


@dataclass(frozen=True, slots=True)
class Generation:
    """A published generation: its folder, and its manifest."""

    directory: Path
    manifest: Manifest


def create_staging(index_dir: Path) -> Path:
    """A new empty folder to write a generation into; what killed builds left is removed.

    To be called with the build lock held.
    """
    generations = index_dir / _GENERATIONS_DIR
    generations.mkdir(parents=True, exist_ok=True)
    for leftover in generations.glob(_STAGING_PREFIX + "*"):
        shutil.rmtree(leftover)
    return Path(tempfile.mkdtemp(prefix=_STAGING_PREFIX, dir=generations))


def publish(index_dir: Path, staging: Path, counts: Counts, base_url: str) -> Generation:
    """Makes a staged folder the current generation, and removes the oldest ones.

    Raises OSError, with the old generation still published, if any step fails.
    """
    created = datetime.now(UTC)
    checksums = {name: _sha256(staging / name) for name in _file_names(staging)}
    content = hashlib.sha256(json.dumps(checksums, sort_keys=True).encode()).hexdigest()
    name = f"{created:%Y%m%dT%H%M%S%f}-{content[:8]}"
    manifest = Manifest(
        generation=name,
        created_at=created.isoformat(timespec="seconds"),
        format_version=FORMAT_VERSION,
        schema_version=SCHEMA_VERSION,
        analyzer=analysis.fingerprint(),
        counts=counts,
        base_url=base_url,
        checksums=checksums,
    )
    (staging / MANIFEST_FILE).write_text(json.dumps(asdict(manifest), indent=2), encoding="utf-8")
    _flush_tree(staging)
    directory = staging.parent / name
    staging.chmod(0o755)
    staging.rename(directory)
    _flush(directory.parent)
    _replace_current(index_dir, name)
    _prune(index_dir, keep=name)
    return Generation(directory, manifest)


def directory_of(index_dir: Path, name: str) -> Path:
    """The folder of the generation with this name."""
    return index_dir / _GENERATIONS_DIR / name


def current_name(index_dir: Path) -> str:
    """The name of the published generation; IndexNotFoundError where there is none."""
    try:
        name = (index_dir / _CURRENT_FILE).read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        raise IndexNotFoundError(
            f"There is no index in {index_dir}. Make one: signpost build --index {index_dir}"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise IndexDamagedError(_damaged(index_dir, f"CURRENT can't be read ({error})")) from error
    if not name or "/" in name or name.startswith("."):
        raise IndexDamagedError(_damaged(index_dir, "CURRENT does not name a generation"))
    return name


def open_current(index_dir: Path) -> Generation:
    """The published generation, every checksum verified.

    Raises IndexNotFoundError, IndexVersionError or IndexDamagedError, each saying what to do.
    """
    for attempt in (1, 2):
        name = current_name(index_dir)
        directory = directory_of(index_dir, name)
        try:
            generation = Generation(directory, _read_manifest(index_dir, directory))
            _verify(index_dir, generation)
        except IndexDamagedError:
            # Builds may have published and pruned past it between two reads: look once more.
            if attempt == 2 or current_name(index_dir) == name:
                raise
        else:
            return generation
    raise AssertionError("unreachable: the second attempt returns or raises")


def _read_manifest(index_dir: Path, directory: Path) -> Manifest:
    try:
        fields = json.loads((directory / MANIFEST_FILE).read_text(encoding="utf-8"))
        versions = (fields["format_version"], fields["schema_version"], fields["analyzer"])
        if versions != (FORMAT_VERSION, SCHEMA_VERSION, analysis.fingerprint()):
            raise IndexVersionError(
                f"The index in {index_dir} was made by another version of Signpost. "
                f"Rebuild it: signpost build --index {index_dir}"
            )
        return Manifest.from_json(fields)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        reason = f"{directory.name}/{MANIFEST_FILE} can't be read ({error})"
        raise IndexDamagedError(_damaged(index_dir, reason)) from error


def _verify(index_dir: Path, generation: Generation) -> None:
    for name, checksum in generation.manifest.checksums.items():
        try:
            is_intact = _sha256(generation.directory / name) == checksum
        except OSError as error:
            raise IndexDamagedError(_damaged(index_dir, f"{name}: {error.strerror}")) from error
        if not is_intact:
            raise IndexDamagedError(_damaged(index_dir, f"{name} is not what was written"))


def _damaged(index_dir: Path, reason: str) -> str:
    return (
        f"The index in {index_dir} is damaged: {reason}. "
        f"Rebuild it: signpost build --index {index_dir}"
    )


def _replace_current(index_dir: Path, name: str) -> None:
    aside = index_dir / f"{_CURRENT_FILE}.{os.getpid()}"
    aside.write_text(name + "\n", encoding="utf-8")
    _flush(aside)
    aside.replace(index_dir / _CURRENT_FILE)
    _flush(index_dir)


def _prune(index_dir: Path, keep: str) -> None:
    """Removes all but the newest generations; names sort by the time of their making."""
    generations = sorted((index_dir / _GENERATIONS_DIR).glob("[0-9]*"), reverse=True)
    for directory in generations[KEPT_GENERATIONS:]:
        if directory.name != keep:
            shutil.rmtree(directory, ignore_errors=True)


def _file_names(directory: Path) -> list[str]:
    files = (path for path in directory.rglob("*") if path.is_file())
    return sorted(path.relative_to(directory).as_posix() for path in files)


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _flush_tree(directory: Path) -> None:
    for path in directory.rglob("*"):
        _flush(path)
    _flush(directory)


def _flush(path: Path) -> None:
    """Makes what was written to a file or folder outlast a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
