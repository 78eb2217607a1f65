"""Queries and relevance judgments, read from the files that evaluation tools share.

    queries    a header line, then columns with tabs between: `qid`, `query`, and `kind` if wanted
    qrels      TREC's form: `qid 0 path grade`, with spaces or tabs between
    docs       one path a line

All are UTF-8; blank lines are passed over. A path is a canonical one; a missing leading slash is
forgiven.
"""

from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from index.paths import normalize_path
from search.errors import JudgmentsError

Qrels = dict[str, dict[str, int]]
"""The grade of each judged path, by query; grades above 0 are relevant, more is better."""

QID_COLUMN: Final = "qid"
QUERY_COLUMN: Final = "query"
KIND_COLUMN: Final = "kind"

QRELS_FORM: Final = "qid 0 path grade"


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    """A query to be run: `qid` is what its judgments call it, `kind` is empty where none is given.

    `text` is what a reader would type.
    """

    qid: str
    text: str
    kind: str = ""


def read_queries(file: Path) -> tuple[JudgedQuery, ...]:
    """The queries of a file, in its order; columns are found by their names in the header.

    Raises JudgmentsError, with file and line.
    """
    lines = _lines(file)
    number, header = next(lines, (1, ""))
    columns = [name.strip().lower() for name in header.split("\t")]
    for name in (QID_COLUMN, QUERY_COLUMN):
        if name not in columns:
            raise JudgmentsError(
                file,
                number,
                f"the header has no column {name}; write {QID_COLUMN} and {QUERY_COLUMN}, and "
                f"{KIND_COLUMN} if there are kinds, with tabs between",
            )
    if len(set(columns)) < len(columns):
        raise JudgmentsError(file, number, "two columns of the header have the same name")
    queries: dict[str, JudgedQuery] = {}
    for number, line in lines:
        query = _query(file, number, columns, line)
        if query.qid in queries:
            raise JudgmentsError(
                file, number, f"the qid {query.qid} is here for the second time; give each its own"
            )
        queries[query.qid] = query
    if not queries:
        raise JudgmentsError(file, number, "there is no query after the header; write one a line")
    return tuple(queries.values())


def read_qrels(file: Path) -> Qrels:
    """The judgments of a file, queries and paths in its order; raises JudgmentsError."""
    qrels: Qrels = {}
    for number, line in _lines(file):
        fields = line.split()
        if len(fields) != len(QRELS_FORM.split()):
            raise JudgmentsError(
                file, number, f"a judgment has 4 fields, not {len(fields)}; write {QRELS_FORM}"
            )
        qid, _, written, grade = fields
        grades, path = qrels.setdefault(qid, {}), normalize_path(written)
        value = _grade(file, number, grade)
        if grades.setdefault(path, value) != value:
            raise JudgmentsError(
                file,
                number,
                f"{path} is judged twice for the query {qid}, as {grades[path]} and as {value}; "
                "keep one of the two",
            )
    if not qrels:
        raise JudgmentsError(file, 1, f"there is no judgment; write one a line: {QRELS_FORM}")
    return qrels


def read_paths(file: Path) -> frozenset[str]:
    """The paths that a file lists, one a line; raises JudgmentsError."""
    paths = frozenset(normalize_path(line) for _, line in _lines(file))
    if not paths:
        raise JudgmentsError(file, 1, "there is no path; write one a line")
    return paths


def _query(file: Path, number: int, columns: list[str], line: str) -> JudgedQuery:
    fields = [field.strip() for field in line.split("\t")]
    if len(fields) != len(columns):
        raise JudgmentsError(
            file,
            number,
            f"the header has {len(columns)} columns and this line {len(fields)}; "
            f"write {', '.join(columns)}, with one tab between two",
        )
    row = dict(zip(columns, fields, strict=True))
    for name in (QID_COLUMN, QUERY_COLUMN):
        if not row[name]:
            raise JudgmentsError(file, number, f"the column {name} is empty; fill it in")
    return JudgedQuery(row[QID_COLUMN], row[QUERY_COLUMN], row.get(KIND_COLUMN, ""))


def _grade(file: Path, number: int, written: str) -> int:
    try:
        return int(written)
    except ValueError:
        raise JudgmentsError(
            file,
            number,
            f"the grade {written!r} is not a whole number; write 0 for not relevant, "
            "1 and more for relevant",
        ) from None


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, each with its number; tabs at their ends are kept."""
    try:
        content = file.read_bytes().removeprefix(BOM_UTF8)
    except OSError as error:
        raise JudgmentsError(file, None, f"it cannot be read: {error.strerror}") from None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        number = content[: error.start].count(b"\n") + 1
        raise JudgmentsError(file, number, "this is not UTF-8; save the file as UTF-8") from None
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, line.rstrip("\r")
