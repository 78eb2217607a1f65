"""The build, from a folder of posts to a published generation, top to bottom."""

import shutil
import sqlite3
import time
from collections.abc import Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final

from index.analyses import keep_analyses, open_analyses
from index.analysis import DEFAULT_LANGUAGE
from index.analyzing import AnalyzeOptions, analyze_folder
from index.boilerplate import Boilerplate
from index.buildmemory import UNBOUNDED, BuildMemory, build_memory
from index.buildoptions import BuildOptions
from index.buildrecord import write_record
from index.collector import collector_paused
from index.columns import write_columns
from index.completions import write_completions
from index.disk_errors import explain
from index.documents import DocumentsWriter
from index.errors import (
    BuildError,
    ContentNotFoundError,
    IndexUnavailableError,
    MemoryBoundError,
    StrictBuildError,
)
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
)
from index.links import LinkResolver
from index.linktexts import LinkTexts
from index.lock import build_lock
from index.matrix import write_matrix
from index.phraseblocks import phrase_blocks
from index.post import LoadedPosts, Post
from index.processes import helper
from index.pruning import prune
from index.publishing import create_staging, publish
from index.report import BuildReport, Progress
from index.safeguards import refuse_emptied, refuse_shrink
from index.termcounts import UncountedWords
from index.texts import TextsWriter
from index.titles import AnalyzedTitle, SiteTitles
from index.vectors import write_vectors
from index.vocabulary import shown_forms, words_of
from index.wordlist import write_word_list

__all__ = ["BuildOptions", "build_index"]

READING: Final = "Reading posts"

MIN_POSTS_FOR_HELPER: Final = 1_000
"""To start a process that writes beside this one takes about as long as to do its work for these.
"""


def build_index(
    content_dir: Path,
    index_dir: Path,
    options: BuildOptions | None = None,
    progress: Progress = lambda _step, _done, _total: None,
    *,
    starts_over: bool = True,
) -> BuildReport:
    """Builds the posts of `content_dir` into `index_dir` and publishes them.

    Unless it `starts_over`, what was analysed before and has not changed is taken as it is; the
    index is the same.
    Raises BuildError of the kind that fits, with whatever was published before untouched.
    StrictBuildError carries the problems in its `problems`. Large sites are read by further
    processes, which import the program's main module: a script has to call this under
    `if __name__ == "__main__":`.
    """
    options = options or BuildOptions()
    if not starts_over:
        with suppress(_StartOverError):
            return _build(content_dir, index_dir, options, progress, starts_over=False)
    return _build(content_dir, index_dir, options, progress, starts_over=True)


class _StartOverError(Exception):
    """What was kept can't be gone on from."""


def _build(
    content_dir: Path,
    index_dir: Path,
    options: BuildOptions,
    progress: Progress,
    *,
    starts_over: bool,
) -> BuildReport:
    """As build_index; _StartOverError if it went on from what was kept, and can't."""
    started = time.monotonic()
    analyze = AnalyzeOptions(options.load, options.language, options.processes)
    try:
        with (
            collector_paused(),
            build_memory(options.max_memory_mb) as memory,
            open_analyses(index_dir, options, is_wanted=not starts_over) as analyses,
        ):
            gathered, watched = analyses.gathered, memory.watched(progress)
            told = memory.reading(partial(watched, READING), gathered)
            loaded, inputs, readings = analyze_folder(
                content_dir, analyze, gathered, analyses.readings, told, memory
            )
            refusal = memory.refusal(gathered)
            if analyses.readings and (refusal or not gathered.phrases.is_whole):
                raise _StartOverError
            _refuse_unfit(content_dir, loaded, options)
            if refusal:
                raise MemoryBoundError(refusal)
            with build_lock(index_dir):
                refuse_shrink(index_dir, len(loaded.posts), options.max_shrink)
                staging = create_staging(index_dir)
                try:
                    _write(staging, loaded.posts, gathered, options, watched, memory)
                    write_record(staging, loaded, inputs, options)
                    refuse_emptied(content_dir, loaded.posts, options.max_shrink)
                    watched("Publishing", 0, 1)
                    counts = Counts(loaded.files, len(loaded.posts), len(loaded.left_out))
                    manifest = publish(index_dir, staging, counts, options.base_url)
                    progress("Publishing", 1, 1)
                finally:
                    shutil.rmtree(staging, ignore_errors=True)
                with suppress(
                    OSError, IndexUnavailableError
                ):  # what can't be removed now is left to the next build
                    prune(index_dir, options.keep_generations)
                keep_analyses(index_dir, options, analyses, readings)
    except BrokenProcessPool as error:
        raise BuildError(
            "A process that wrote the index has ended before its time, perhaps for want of memory. "
            "Nothing was published."
        ) from error
    except (OSError, sqlite3.Error) as error:
        raise BuildError(explain(error, index_dir)) from error
    return BuildReport(
        generation=manifest.generation,
        files=loaded.files,
        posts=len(loaded.posts),
        left_out=loaded.left_out,
        problems=loaded.problems,
        seconds=time.monotonic() - started,
        changes_at=inputs.changes_at,
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
    memory: BuildMemory = UNBOUNDED,
) -> None:
    """Writes all of a generation; what takes longest is begun first, by another process."""
    site = gathered.words
    is_large = len(posts) > MIN_POSTS_FOR_HELPER
    with helper(is_worth_it=is_large and memory.has_room_for_helper(gathered)) as start:
        progress("Writing postings", 0, 1)
        uses, units = site.uses(), site.units()
        write_matrix(staging / MATRIX_DIR, uses, units, use_weights(units, site.unit_chars()))
        phrases = start(gathered.phrases.phrases)  # first: this process has least in memory now
        paths = [post.path for post in posts]
        fulltext = start(write_fulltext, staging / FULLTEXT_DIR, staging / MATRIX_DIR, paths)
        progress("Writing postings", 1, 1)
        uncounted, links, titles = _write_posts(staging, posts, gathered, options, progress)
        progress("Writing vectors", 0, 1)
        write_word_list(staging / WORDS_DIR, words_of(site), shown_forms(site), uses.names)
        counts = uncounted.term_counts(uses, units, links)
        languages = [post.lang or DEFAULT_LANGUAGE for post in posts]
        blocks = phrase_blocks(titles, languages, links, uses, units)
        names, typed_titles = uses.names, titles.typed
        del uses, units, uncounted, links, titles  # most of the memory; not needed any more
        write_vectors(staging / VECTORS_DIR, counts, blocks, posts, names)
        write_columns(staging / COLUMNS_DIR, posts)
        write_completions(staging / COMPLETIONS_DIR, posts, typed_titles, phrases.result())
        fulltext.result()
        progress("Writing vectors", 1, 1)


def _write_posts(
    staging: Path,
    posts: Sequence[Post],
    gathered: Gathered,
    options: BuildOptions,
    progress: Progress,
) -> tuple[UncountedWords, LinkTexts, SiteTitles]:
    """Writes what is made of single posts.

    Gives what not to count, what their links to each other say, and their titles.
    """
    uncounted, link_texts, titles = UncountedWords(), LinkTexts(), SiteTitles()
    resolver = LinkResolver(posts, options.base_url)
    boilerplate = Boilerplate(gathered.posts)
    with (
        TextsWriter(staging / TEXTS_DIR) as texts,
        DocumentsWriter(staging / DOCUMENTS_FILE) as documents,
    ):
        for docnum, (post, read) in enumerate(zip(posts, gathered.posts, strict=True)):
            progress("Indexing", docnum, len(posts))
            links = resolver.links(post)
            texts.add(read)
            uncounted.add(read.language, boilerplate.terms(read))
            link_texts.add((text for _, text in links), read.language)
            title = AnalyzedTitle.from_bytes(read.title)
            titles.add(title)
            paths = dict.fromkeys(path for path, _ in links)
            documents.add(docnum, post, title.key, read.html, paths)
        progress("Indexing", len(posts), len(posts))
        texts.finish(gathered.words)
    return uncounted, link_texts, titles
