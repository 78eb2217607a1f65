"""A generation: one immutable, checksummed folder that an index is served from.

    <index>/CURRENT                      the name of the published generation
    <index>/build.lock                   held while a build writes, or generations are removed
    <index>/generations/<name>/          manifest.json and the files it lists
    <index>/generations/.staging-*/      a build in progress, or what a killed one left
    <index>/generations/.removed-*/      a generation on its way out

A generation is written aside, its manifest last, everything flushed to disk; then it is renamed
into place and CURRENT is replaced, atomically. A reader sees the old generation or the new one.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from index import analysis
from index.errors import IndexDamagedError, IndexNotFoundError, IndexVersionError
from index.schema import SCHEMA_VERSION

FORMAT_VERSION: Final = 8
"""The layout of a generation's files; raised when an older one can't be read any more."""

KEPT_GENERATIONS: Final = 3
"""How many generations stay on disk unless the owner says otherwise: the current one, and some to
fall back to and for going back by hand."""

FULLTEXT_DIR: Final = "fulltext"
MATRIX_DIR: Final = "matrix"
TEXTS_DIR: Final = "texts"
VECTORS_DIR: Final = "vectors"
COLUMNS_DIR: Final = "columns"
WORDS_DIR: Final = "words"
COMPLETIONS_DIR: Final = "completions"
DOCUMENTS_FILE: Final = "documents.sqlite"
RECORD_FILE: Final = "build.json"
MANIFEST_FILE: Final = "manifest.json"
CURRENT_FILE: Final = "CURRENT"
GENERATIONS_DIR: Final = "generations"

_DIGEST_KEY = "digest"


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

    def as_json(self) -> dict[str, Any]:
        """The manifest as it is stored: with a digest, so that damage to itself shows as well."""
        fields = asdict(self)
        return fields | {_DIGEST_KEY: _digest(fields)}

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> "Manifest":
        """The manifest from what is stored; KeyError, TypeError or ValueError where it is none."""
        told = {key: value for key, value in fields.items() if key != _DIGEST_KEY}
        if fields[_DIGEST_KEY] != _digest(told):
            raise ValueError("it is not what was written")
        return cls(**(told | {"counts": Counts(**told["counts"])}))


class FileDamage(NamedTuple):
    """A file of a generation, by its path there, and what is wrong with it."""

    file: str
    reason: str


def directory_of(index_dir: Path, name: str) -> Path:
    """The folder of the generation with this name."""
    return index_dir / GENERATIONS_DIR / name


def generation_names(index_dir: Path) -> list[str]:
    """The generations that are there, published or not, newest first: names begin with a time."""
    found = (index_dir / GENERATIONS_DIR).glob("[0-9]*")
    return sorted((path.name for path in found if path.is_dir()), reverse=True)


def current_name(index_dir: Path) -> str:
    """The name of the published generation; IndexNotFoundError where there is none."""
    try:
        name = (index_dir / CURRENT_FILE).read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        raise IndexNotFoundError(
            f"There is no index in {index_dir}. Make one: signpost build --index {index_dir}"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise IndexDamagedError.of(index_dir, f"CURRENT can't be read ({error})") from error
    if not name.isprintable() or not name or "/" in name or name.startswith("."):
        raise IndexDamagedError.of(index_dir, "CURRENT does not name a generation")
    return name


def read_manifest(index_dir: Path, name: str) -> Manifest:
    """The manifest of the generation with this name, itself verified.

    Raises IndexVersionError where another version of Signpost made it, and IndexDamagedError.
    """
    try:
        text = (directory_of(index_dir, name) / MANIFEST_FILE).read_text(encoding="utf-8")
        fields = json.loads(text)
        versions = (fields["format_version"], fields["schema_version"], fields["analyzer"])
        if versions != (FORMAT_VERSION, SCHEMA_VERSION, analysis.fingerprint()):
            raise IndexVersionError(
                f"The index in {index_dir} was made by another version of Signpost. "
                f"Rebuild it: signpost build --index {index_dir}"
            )
        manifest = Manifest.from_json(fields)
        if manifest.generation != name:
            raise ValueError("it is that of another generation")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        told = error.strerror if isinstance(error, OSError) else error
        reason = f"{name}/{MANIFEST_FILE} can't be read ({told})"
        raise IndexDamagedError.of(index_dir, reason) from error
    return manifest


def damaged_files(directory: Path, manifest: Manifest) -> Iterator[FileDamage]:
    """The files of a generation that are not what its manifest says, in the manifest's order."""
    for name, checksum in manifest.checksums.items():
        try:
            is_intact = sha256(directory / name) == checksum
        except FileNotFoundError:
            yield FileDamage(name, "is missing")
        except OSError as error:
            yield FileDamage(name, f"can't be read ({error.strerror})")
        else:
            if not is_intact:
                yield FileDamage(name, "is not what was written")


def sha256(file: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal digits."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _digest(fields: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()
