"""The build, from a folder of posts to a published generation, top to bottom."""

import errno
import shutil
import sqlite3
import time
from collections.abc import Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from index.analysis import DEFAULT_LANGUAGE
from index.analyzing import AnalyzeOptions, analyze_folder
from index.boilerplate import Boilerplate
from index.columns import write_columns
from index.completions import write_completions
from index.documents import DocumentsWriter
from index.errors import BuildError, ContentNotFoundError, StrictBuildError
from index.fieldlengths import use_weights
from index.fulltext import write_fulltext
from index.gathered import Gathered
from index.generation import (
    COLUMNS_DIR,
    COMPLETIONS_DIR,
    DOCUMENTS_FILE,
    FULLTEXT_DIR,
    MATRIX_DIR,
    TEXTS_DIR,
    VECTORS_DIR,
    WORDS_DIR,
    Counts,
    create_staging,
    publish,
)
from index.links import LinkResolver
from index.loader import LoadOptions
from index.lock import build_lock
from index.matrix import write_matrix
from index.post import LoadedPosts, Post
from index.processes import helper
from index.report import BuildReport, Progress
from index.termcounts import UncountedWords
from index.texts import TextsWriter
from index.vectors import write_vectors
from index.vocabulary import shown_forms, words_of
from index.wordlist import write_word_list

MIN_POSTS_FOR_HELPER: Final = 1_000
"""To start a process that writes beside this one takes about as long as to do its work for these.
"""


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How posts are read, and what the build is to refuse.

    `base_url` starts the site's own links and urls. `language` is that of posts that name none, as
    `de` or `pt-BR`; unless it is DEFAULT_LANGUAGE, they are stored as posts that name it. With
    `is_strict`, any problem refuses the whole build. `processes` is how many read posts; without
    it, as many as there are processors.
    """

    load: LoadOptions = field(default_factory=LoadOptions)
    base_url: str = ""
    language: str = DEFAULT_LANGUAGE
    is_strict: bool = False
    processes: int | None = None


def build_index(
    content_dir: Path,
    index_dir: Path,
    options: BuildOptions | None = None,
    progress: Progress = lambda _step, _done, _total: None,
) -> BuildReport:
    """Builds the posts of `content_dir` into `index_dir` and publishes them.

    Raises BuildError of the kind that fits, with whatever was published before untouched.
    StrictBuildError carries the problems in its `problems`. Large sites are read by further
    processes, which import the program's main module: a script has to call this under
    `if __name__ == "__main__":`.
    """
    started = time.monotonic()
    options = options or BuildOptions()
    analyze = AnalyzeOptions(options.load, options.language, options.processes)
    try:
        with Gathered() as gathered:
            loaded = analyze_folder(
                content_dir, analyze, gathered, partial(progress, "Reading posts")
            )
            _refuse_unfit(content_dir, loaded, options)
            with build_lock(index_dir):
                staging = create_staging(index_dir)
                try:
                    _write(staging, loaded.posts, gathered, options, progress)
                    progress("Publishing", 0, 1)
                    counts = Counts(loaded.files, len(loaded.posts), len(loaded.left_out))
                    generation = publish(index_dir, staging, counts, options.base_url)
                    progress("Publishing", 1, 1)
                finally:
                    shutil.rmtree(staging, ignore_errors=True)
    except BrokenProcessPool as error:
        raise BuildError(
            "A process that wrote the index has ended before its time, perhaps for want of memory. "
            "Nothing was published."
        ) from error
    except (OSError, sqlite3.Error) as error:
        raise BuildError(_explain(error, index_dir)) from error
    return BuildReport(
        generation=generation.manifest.generation,
        files=loaded.files,
        posts=len(loaded.posts),
        left_out=loaded.left_out,
        problems=loaded.problems,
        seconds=time.monotonic() - started,
    )


def _refuse_unfit(content_dir: Path, loaded: LoadedPosts, options: BuildOptions) -> None:
    if options.is_strict and loaded.problems:
        raise StrictBuildError(loaded.problems, loaded.left_out)
    if not loaded.posts:
        raise ContentNotFoundError(
            f"There are no posts to index in {content_dir}: of {loaded.files} files, none is a "
            "post that readers may see. Is it the right folder? Nothing was published."
        )


def _write(
    staging: Path,
    posts: Sequence[Post],
    gathered: Gathered,
    options: BuildOptions,
    progress: Progress,
) -> None:
    """Writes what is made of single posts, and then what is made of the words of all."""
    uncounted = UncountedWords()
    links = LinkResolver(posts, options.base_url)
    boilerplate = Boilerplate(gathered.posts)
    with (
        TextsWriter(staging / TEXTS_DIR) as texts,
        DocumentsWriter(staging / DOCUMENTS_FILE) as documents,
    ):
        for docnum, (post, read) in enumerate(zip(posts, gathered.posts, strict=True)):
            progress("Indexing", docnum, len(posts))
            language = post.lang or DEFAULT_LANGUAGE
            found = links.links(post)
            texts.add(read)
            uncounted.add(language, boilerplate.terms(read), [text for _, text in found])
            documents.add(docnum, post, read.html, dict.fromkeys(path for path, _ in found))
        progress("Indexing", len(posts), len(posts))
        texts.finish(gathered.words)
    with helper(is_worth_it=len(posts) > MIN_POSTS_FOR_HELPER) as start:
        phrases = start(gathered.phrases.phrases)
        progress("Writing postings", 0, 1)
        site = gathered.words
        uses, units = site.uses(), site.units()
        write_matrix(staging / MATRIX_DIR, uses, units, use_weights(units, site.unit_chars()))
        paths = [post.path for post in posts]
        fulltext = start(write_fulltext, staging / FULLTEXT_DIR, staging / MATRIX_DIR, paths)
        write_word_list(staging / WORDS_DIR, words_of(site), shown_forms(site), uses.names)
        counts = uncounted.term_counts(uses, units)
        write_vectors(staging / VECTORS_DIR, counts, [post.tags for post in posts], uses.names)
        write_columns(staging / COLUMNS_DIR, posts)
        write_completions(staging / COMPLETIONS_DIR, posts, phrases.result())
        fulltext.result()
        progress("Writing postings", 1, 1)


def _explain(error: OSError | sqlite3.Error, index_dir: Path) -> str:
    """What to tell the owner when the disk says no."""
    code = error.errno if isinstance(error, OSError) else None
    what_to_do = {
        errno.ENOSPC: "The disk is full: free some space and build again.",
        errno.EDQUOT: "The disk quota is used up: free some space and build again.",
        errno.EFBIG: "A file grew past the allowed size: raise the limit and build again.",
        errno.EACCES: "Writing is not permitted there: change the folder's owner or --index.",
        errno.EPERM: "Writing is not permitted there: change the folder's owner or --index.",
        errno.EROFS: "That disk is read-only: choose another folder with --index.",
        errno.ENOTDIR: "A file stands where a folder is needed: choose another --index.",
        errno.EEXIST: "A file stands where a folder is needed: choose another --index.",
    }.get(code or 0, f"{error}. Is there room on the disk?")
    return f"The index in {index_dir} could not be written. {what_to_do} Nothing was published."
