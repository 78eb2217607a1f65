"""The files of posts, read once more for what a loaded post no longer tells: lines and keys."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from index.conventions import canonical_path, read_fields, title_from_name
from index.errors import MalformedPostError
from index.fields import Fields
from index.files import MARKDOWN_SUFFIXES, read_text
from index.frontmatter import FrontMatter, read_front_matter
from index.loader import LoadOptions
from index.post import LoadedPosts, Post
from index.visibility import Verdict


@dataclass(slots=True)
class Source:
    """The front matter of one file, and its fields by name."""

    front: FrontMatter
    fields: Fields

    def line_of(self, *names: str) -> int:
        """The line of the first of these fields that is there; 1 where none is."""
        found = self.fields.find(*names)
        return self.fields.line_of(found) if found else 1


@dataclass(frozen=True, slots=True)
class Unseen:
    """A page that is there but not for readers of this index: by its path, and why."""

    post: Post
    verdict: Verdict


@dataclass
class Sources:
    """The files of a folder that was loaded with `options`."""

    content_dir: Path
    loaded: LoadedPosts
    options: LoadOptions
    _by_file: dict[str, Source] = field(default_factory=dict)

    def of(self, file: str) -> Source:
        """The front matter of a file; that of an empty one if it can't be read any more."""
        if file not in self._by_file:
            try:
                front = read_front_matter(self.text_of(file))
            except MalformedPostError:
                front = FrontMatter({}, "")
            self._by_file[file] = Source(front, Fields(front, file))
        return self._by_file[file]

    def text_of(self, file: str) -> str:
        """The text of a file; empty if it can't be read any more."""
        try:
            text = read_text(self.content_dir / file)
        except (MalformedPostError, ValueError):
            return ""
        return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")

    @cached_property
    def unseen(self) -> tuple[Unseen, ...]:
        """The pages that were left out because their front matter asks for it."""
        faulty = {problem.file for problem in self.loaded.problems}
        files = [entry.file for entry in self.loaded.left_out if entry.file not in faulty]
        pages = (self._unseen(file) for file in files if Path(file).suffix in MARKDOWN_SUFFIXES)
        return tuple(page for page in pages if page)

    def _unseen(self, file: str) -> Unseen | None:
        front = self.of(file).front
        try:
            fields = read_fields(front, file)
        except MalformedPostError:
            return None
        holding = (
            verdict
            for verdict in fields.verdicts
            if verdict.holds(self.options.include, self.options.now)
        )
        verdict = next(holding, None)
        if verdict is None:
            return None
        title = fields.title or title_from_name(file)
        path = canonical_path(fields, title, file, self.options.permalink)
        return Unseen(Post(path, file, title, aliases=fields.aliases), verdict)
