"""A folder of posts, loaded: every file becomes a post or is named with the reason why not."""

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from index.conventions import PostFields, canonical_path, read_fields, title_from_name
from index.errors import MalformedPostError
from index.files import FoundFile, decode, find_files, is_in_post_folder, post_folders, read_bytes
from index.frontmatter import read_front_matter
from index.inputs import FileState
from index.markup import Markup, parse_markup
from index.permalinks import Permalinks
from index.post import LeftOut, LoadedPosts, Post, Problem
from index.visibility import next_change


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """What becomes of posts on this site.

    `permalink` is the pattern of paths, such as `/:year/:month/:day/:slug`, or empty; or the
    patterns of several folders. `include` lets in kinds that are left out otherwise, of "drafts",
    "expired", "future" and "unlisted".
    `now` is the aware time by which a post is expired, or not due yet.
    """

    permalink: str | Permalinks = ""
    include: frozenset[str] = frozenset()
    now: datetime = field(default_factory=lambda: datetime.now(UTC))


def load_posts(
    content_dir: Path,
    options: LoadOptions,
    progress: Callable[[int, int], None] | None = None,
) -> LoadedPosts:
    """Every post under `content_dir`, and every file that is none with its reason.

    No file can make it fail. `progress` is called after each file, with how many are done and how
    many there are. Raises ContentNotFoundError if the folder is not there, is not a folder, or
    cannot be read, and ContentChangedError if files go away meanwhile.
    """
    files = find_files(content_dir)
    folders = post_folders(files)
    posts: list[Post] = []
    left_out: list[LeftOut] = []
    problems: list[Problem] = []
    readings = (read_file(file, options, folders) for file in files)
    for done, reading in enumerate(without_collisions(readings), 1):
        if reading.post:
            posts.append(reading.post)
        if reading.left_out:
            left_out.append(reading.left_out)
        problems.extend(reading.problems)
        if progress:
            progress(done, len(files))
    return LoadedPosts(
        files=len(files),
        posts=tuple(sorted(posts, key=lambda post: post.path)),
        left_out=tuple(left_out),
        problems=tuple(problems),
    )


@dataclass(frozen=True, slots=True)
class FileReading:
    """What one file came to: a post, or the reason why it is none.

    `path_line` and `path_field` are where front matter gives the post its path. `analyzed` is the
    post as the bytes of an AnalyzedPost, for those who ask for that. `state` is None where the file
    was not or could not be read. `changes_at` is the next moment at which the post becomes due, or
    expires.
    """

    source: str
    post: Post | None = None
    left_out: LeftOut | None = None
    problems: tuple[Problem, ...] = ()
    path_line: int = 1
    path_field: str = ""
    analyzed: bytes = b""
    state: FileState | None = None
    changes_at: datetime | None = None
    has_collision: bool = False


def read_file(
    file: FoundFile, options: LoadOptions, post_folders: Container[str] = ()
) -> FileReading:
    """Reads one file; nothing in it can make that fail, and no other file is looked at.

    `post_folders` are the folders that have a single post, as `index.files` finds them.
    """
    source = file.source
    if file.reason and not file.is_problem:
        return FileReading(source, left_out=LeftOut(source, 1, file.reason))
    try:
        if file.reason:
            raise MalformedPostError(file.reason)
        data, state = read_bytes(file.location)
    except MalformedPostError as error:
        return _faulty(source, error)
    is_post_folder = is_in_post_folder(source, post_folders)
    return replace(_read(data, source, options, is_post_folder=is_post_folder), state=state)


def _read(data: bytes, source: str, options: LoadOptions, *, is_post_folder: bool) -> FileReading:
    """What the bytes of a file come to."""
    changes_at = None
    try:
        front = read_front_matter(decode(data))
        fields = read_fields(front, source, is_post_folder=is_post_folder)
        changes_at = next_change(fields.verdicts, options.include, options.now)
        verdict = next(
            (each for each in fields.verdicts if each.holds(options.include, options.now)), None
        )
        if verdict:
            left_out = LeftOut(source, verdict.line, verdict.reason)
            return FileReading(source, left_out=left_out, changes_at=changes_at)
        markup = parse_markup(front.body, fields.title, is_mdx=source.lower().endswith(".mdx"))
        title = fields.title or markup.title or title_from_name(source)
        path = canonical_path(fields, title, source, options.permalink)
    except MalformedPostError as error:
        return replace(_faulty(source, error), changes_at=changes_at)
    return FileReading(
        source,
        post=_post(path, source, title, fields, markup),
        problems=fields.problems,
        path_line=fields.path_line,
        path_field=fields.path_field,
        changes_at=changes_at,
    )


def without_collisions(readings: Iterable[FileReading]) -> Iterator[FileReading]:
    """The readings, with a post left out whose path an earlier one has."""
    taken_by: dict[str, str] = {}
    for reading in readings:
        path = reading.post.path if reading.post else ""
        if path in taken_by:
            error = MalformedPostError(
                f"same path as {taken_by[path]}: {path}; give one of them another path",
                line=reading.path_line,
                field=reading.path_field,
            )
            yield replace(
                _faulty(reading.source, error),
                state=reading.state,
                changes_at=reading.changes_at,
                has_collision=True,
            )
            continue
        if path:
            taken_by[path] = reading.source
        yield reading


def _faulty(source: str, error: MalformedPostError) -> FileReading:
    return FileReading(
        source,
        left_out=LeftOut(source, error.line, error.reason),
        problems=(Problem(source, error.line, error.reason, error.field or ""),),
    )


def _post(path: str, source: str, title: str, fields: PostFields, markup: Markup) -> Post:
    return Post(
        path=path,
        source=source,
        title=title,
        date=fields.date,
        updated=fields.updated,
        summary=fields.summary,
        image=fields.image,
        tags=fields.tags,
        categories=fields.categories,
        authors=fields.authors,
        aliases=tuple(alias for alias in fields.aliases if alias != path),
        lang=fields.lang,
        series=fields.series,
        series_part=fields.series_part,
        translation_key=fields.translation_key,
        featured=fields.featured,
        popular=fields.popular,
        external_url=fields.external_url,
        related=fields.related,
        search=fields.search,
        sections=markup.sections,
        links=markup.links,
        html=markup.html,
    )
