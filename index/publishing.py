"""From a staged folder to the published generation: flushed, renamed, and pointed at."""

import hashlib
import json
import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from index import analysis
from index.errors import IndexUnavailableError
from index.generation import (
    CURRENT_FILE,
    FORMAT_VERSION,
    GENERATIONS_DIR,
    MANIFEST_FILE,
    Counts,
    Manifest,
    current_name,
    directory_of,
    sha256,
)
from index.pruning import STAGING_PREFIX, remove_leftovers
from index.schema import SCHEMA_VERSION

_NEXT_FILE = f"{CURRENT_FILE}.next"


def create_staging(index_dir: Path) -> Path:
    """A new empty folder to write a generation into; what killed builds left is removed.

    To be called with the build lock held.
    """
    generations = index_dir / GENERATIONS_DIR
    generations.mkdir(parents=True, exist_ok=True)
    remove_leftovers(index_dir)
    return Path(tempfile.mkdtemp(prefix=STAGING_PREFIX, dir=generations))


def publish(index_dir: Path, staging: Path, counts: Counts, base_url: str) -> Manifest:
    """Makes a staged folder the current generation, and gives its manifest.

    Raises OSError, with the old generation still published, if any step fails.
    """
    manifest = _manifest_of(staging, counts, base_url)
    (staging / MANIFEST_FILE).write_text(json.dumps(manifest.as_json(), indent=2), encoding="utf-8")
    staging.chmod(0o755)
    _flush_tree(staging)
    directory = directory_of(index_dir, manifest.generation)
    staging.rename(directory)
    try:
        _flush(directory.parent)
        _replace_current(index_dir, manifest.generation)
    except BaseException:
        if not _is_current(index_dir, manifest.generation):
            shutil.rmtree(directory, ignore_errors=True)
        raise
    _flush(index_dir)
    return manifest


def _manifest_of(staging: Path, counts: Counts, base_url: str) -> Manifest:
    created = datetime.now(UTC)
    checksums = {name: sha256(staging / name) for name in _file_names(staging)}
    content = hashlib.sha256(json.dumps(checksums, sort_keys=True).encode()).hexdigest()
    return Manifest(
        generation=f"{created:%Y%m%dT%H%M%S%f}-{content[:8]}",
        created_at=created.isoformat(timespec="seconds"),
        format_version=FORMAT_VERSION,
        schema_version=SCHEMA_VERSION,
        analyzer=analysis.fingerprint(),
        counts=counts,
        base_url=base_url,
        checksums=checksums,
    )


def _replace_current(index_dir: Path, name: str) -> None:
    aside = index_dir / _NEXT_FILE
    try:
        aside.write_text(name + "\n", encoding="utf-8")
        _flush(aside)
        aside.replace(index_dir / CURRENT_FILE)
    finally:
        aside.unlink(missing_ok=True)


def _is_current(index_dir: Path, name: str) -> bool:
    try:
        return current_name(index_dir) == name
    except IndexUnavailableError:
        return False


def _file_names(directory: Path) -> list[str]:
    files = (path for path in directory.rglob("*") if path.is_file())
    return sorted(path.relative_to(directory).as_posix() for path in files)


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
