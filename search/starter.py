"""A first `signpost.toml` for a site, with what its generator's configuration says."""

import json
import os
import tempfile
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from index.post import LoadedPosts
from index.sites import Site
from search import settings_values
from search.errors import StarterError


@dataclass(frozen=True, slots=True)
class Start:
    """What was found of a site, and the settings file made of it.

    `content` is the folder of posts as the file has it: relative to the working directory where
    that is possible.
    """

    file: Path
    site: Site
    content: str
    loaded: LoadedPosts

    def as_json(self) -> dict[str, Any]:
        """The answer in the shape that `--json` prints."""
        site = self.site
        return {
            "file": str(self.file),
            "generator": site.generator or None,
            "config": from_here(site.config) if site.config else None,
            "content": self.content,
            "base_url": base_url_of(site),
            "permalink": site.permalink,
            "permalinks": {folder: list(each) for folder, each in site.permalinks.items()},
            "files": self.loaded.files,
            "posts": len(self.loaded.posts),
            "left_out": len(self.loaded.left_out),
            "problems": len(self.loaded.problems),
            "notes": list(site.notes),
        }


def from_here(path: Path) -> str:
    """A path, from the working directory; whole, where it is on another drive."""
    try:
        return Path(os.path.relpath(path)).as_posix()
    except ValueError:
        return path.as_posix()


def base_url_of(site: Site) -> str:
    """The site's address, if settings may have it; or else nothing."""
    try:
        return settings_values.base_url(site.base_url)
    except ValueError:
        return ""


def settings_text(site: Site, content: str) -> str:
    """The text of the settings file."""
    return "\n".join(_lines(site, content)) + "\n"


def write_settings(file: Path, text: str, *, may_replace: bool) -> None:
    """Writes the settings in one step, as a new file unless `may_replace`; StarterError."""
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=file.parent, prefix=f".{file.name}.", delete=False
        ) as written:
            written.write(text)
        aside = Path(written.name)
        aside.chmod(0o644)
        try:
            if may_replace:
                aside.replace(file)
            else:
                os.link(aside, file)  # which fails where there is one already
        finally:
            aside.unlink(missing_ok=True)
    except FileExistsError:
        raise exists_already(file) from None
    except OSError as error:
        cause = (error.strerror or "unknown cause").lower()
        raise StarterError(f"{file} could not be written: {cause}.") from error


def exists_already(file: Path) -> StarterError:
    """The error for settings that are there, and are not to be lost."""
    return StarterError(f"{file} is there already and was left as it is; --force replaces it.")


def _lines(site: Site, content: str) -> Iterator[str]:
    made_with = f" of a site made with {site.generator}" if site.generator else ""
    yield f"# Settings of Signpost for the posts{made_with}."
    yield "# What every key means is told in the guide, under Settings."
    yield ""
    yield "[site]"
    yield from _address_lines(site)
    if site.title.strip():
        yield f"title = {_quoted(site.title)}"
    language = _language_of(site)
    if language:
        yield "# The language of posts that name none."
        yield f"language = {_quoted(language)}"
    yield from _permalink_lines(site)
    yield ""
    yield "[posts]"
    yield "# The folder of posts, from where the command is run."
    yield f"content = {_quoted(content)}"
    yield '# For a preview: include = ["drafts", "future"]'
    yield ""
    yield "[service]"
    yield "# The sites whose pages may ask from a reader's browser."
    parts = urlsplit(base_url_of(site))
    if parts.netloc:
        yield f"origins = [{_quoted(f'{parts.scheme}://{parts.netloc}')}]"
    else:
        yield '# origins = ["https://www.example.org"]'


def _address_lines(site: Site) -> Iterator[str]:
    yield "# What links in answers begin with. Without it they lead to Signpost's own pages."
    base_url = base_url_of(site)
    if base_url:
        yield f"base_url = {_quoted(base_url)}"
    else:
        yield '# base_url = "https://www.example.org"'


def _permalink_lines(site: Site) -> Iterator[str]:
    for note in site.notes:
        yield from textwrap.wrap(note, 98, initial_indent="# ", subsequent_indent="# ")
    if site.permalink:
        yield "# The addresses of posts that name none. One that lacks a value goes by its file."
        yield f"permalink = {_quoted(site.permalink)}"
    if site.permalinks:
        yield ""
        yield "# The addresses of posts by folder: the first pattern that a post has values for."
        yield "[site.permalinks]"
        for folder, patterns in site.permalinks.items():
            yield f"{_quoted(folder)} = [{', '.join(map(_quoted, patterns))}]"


def _language_of(site: Site) -> str:
    """The site's language where it is not the one that is taken for granted."""
    try:
        language = settings_values.language(site.language.replace("_", "-"))
    except ValueError:
        return ""
    return "" if language.lower() == "en" or language.lower().startswith("en-") else language


def _quoted(text: str) -> str:
    """A text as TOML and JSON both write it."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False).replace("\x7f", "\\u007f")
