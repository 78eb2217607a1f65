"""A folder of posts, loaded: every file becomes a post or is named with the reason why not."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from index.conventions import PostFields, canonical_path, read_fields, title_from_name
from index.errors import MalformedPostError
from index.files import FoundFile, find_files, post_folders, read_text
from index.frontmatter import read_front_matter
from index.markup import Markup, parse_markup
from index.permalinks import Permalinks
from index.post import LeftOut, LoadedPosts, Post, Problem


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
    collected = _Collected()
    for done, file in enumerate(files, 1):
        folder = str(PurePosixPath(file.source).parent)
        _load(file, options, collected, is_post_folder=folder in folders)
        if progress:
            progress(done, len(files))
    return LoadedPosts(
        files=len(files),
        posts=tuple(sorted(collected.post_at.values(), key=lambda post: post.path)),
        left_out=tuple(collected.left_out),
        problems=tuple(collected.problems),
    )


@dataclass(frozen=True, slots=True)
class _Collected:
    """What the files so far came to, in order of the files."""

    post_at: dict[str, Post] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def leave_out(self, source: str, reason: str, line: int = 1) -> None:
        self.left_out.append(LeftOut(source, line, reason))

    def leave_out_as_faulty(self, source: str, error: MalformedPostError) -> None:
        self.leave_out(source, error.reason, error.line)
        self.problems.append(Problem(source, error.line, error.reason, error.field or ""))


def _load(
    file: FoundFile, options: LoadOptions, collected: _Collected, *, is_post_folder: bool
) -> None:
    """Adds one file to what is collected, as a post or as left out."""
    source = file.source
    if file.reason and not file.is_problem:
        collected.leave_out(source, file.reason)
        return
    try:
        if file.reason:
            raise MalformedPostError(file.reason)
        front = read_front_matter(read_text(file.location))
        fields = read_fields(front, source, is_post_folder=is_post_folder)
        verdict = next(
            (each for each in fields.verdicts if each.holds(options.include, options.now)), None
        )
        if verdict:
            collected.leave_out(source, verdict.reason, verdict.line)
            return
        markup = parse_markup(front.body, fields.title, is_mdx=source.lower().endswith(".mdx"))
        title = fields.title or markup.title or title_from_name(source)
        path = canonical_path(fields, title, source, options.permalink)
        _check_is_free(path, fields, collected)
    except MalformedPostError as error:
        collected.leave_out_as_faulty(source, error)
        return
    collected.problems.extend(fields.problems)
    collected.post_at[path] = _post(path, source, title, fields, markup)


def _check_is_free(path: str, fields: PostFields, collected: _Collected) -> None:
    taken_by = collected.post_at.get(path)
    if taken_by:
        raise MalformedPostError(
            f"same path as {taken_by.source}: {path}; give one of them another path",
            line=fields.path_line,
            field=fields.path_field,
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
