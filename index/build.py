"""The build, from a folder of posts to a published generation, top to bottom."""

import shutil
import sqlite3
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from index.analysis import DEFAULT_LANGUAGE, language_code
from index.analyzed import AnalyzedPost
from index.boilerplate import Boilerplate
from index.columns import write_columns
from index.completions import write_completions
from index.disk_errors import explain
from index.documents import DocumentsWriter
from index.errors import (
    BuildError,
    ContentNotFoundError,
    IndexUnavailableError,
    StrictBuildError,
)
from index.fulltext import FullTextWriter
from index.generation import (
    COLUMNS_DIR,
    COMPLETIONS_DIR,
    DOCUMENTS_FILE,
    FULLTEXT_DIR,
    KEPT_GENERATIONS,
    MATRIX_DIR,
    TEXTS_DIR,
    VECTORS_DIR,
    WORDS_DIR,
    Counts,
)
from index.links import LinkResolver
from index.loader import LoadOptions, load_posts
from index.lock import build_lock
from index.matrix import MatrixWriter
from index.phraseblocks import PhraseBlocksBuilder
from index.phrases import PhraseCounter, phrase_texts
from index.post import LoadedPosts, Post
from index.pruning import prune
from index.publishing import create_staging, publish
from index.report import BuildReport, Progress
from index.safeguards import MAX_SHRINK, refuse_emptied, refuse_shrink
from index.texts import TextsWriter
from index.units import FieldLengths, units_of
from index.vectors import VectorsBuilder
from index.vocabulary import VocabularyBuilder
from index.wordlist import write_word_list


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How posts are read, and what the build is to refuse.

    `base_url` starts the site's own links and urls. `language` is that of posts that name none, as
    `de` or `pt-BR`; unless it is DEFAULT_LANGUAGE, they are stored as posts that name it. With
    `is_strict`, any problem refuses the whole build. `keep_generations` is how many stay on disk,
    the new one included; those that readers have open stay as well. `max_shrink` is the share of
    the posts, from 0 to 1, that may go from one build to the next; 1 is as many as may be.
    """

    load: LoadOptions = field(default_factory=LoadOptions)
    base_url: str = ""
    language: str = DEFAULT_LANGUAGE
    is_strict: bool = False
    keep_generations: int = KEPT_GENERATIONS
    max_shrink: float = MAX_SHRINK


def build_index(
    content_dir: Path,
    index_dir: Path,
    options: BuildOptions | None = None,
    progress: Progress = lambda _step, _done, _total: None,
) -> BuildReport:
    """Builds the posts of `content_dir` into `index_dir` and publishes them.

    Raises BuildError of the kind that fits, with whatever was published before untouched.
    StrictBuildError carries the problems in its `problems`.
    """
    started = time.monotonic()
    options = options or BuildOptions()
    loaded = load_posts(
        content_dir, options.load, lambda done, total: progress("Reading posts", done, total)
    )
    _refuse_unfit(content_dir, loaded, options)
    try:
        with build_lock(index_dir):
            refuse_shrink(index_dir, len(loaded.posts), options.max_shrink)
            staging = create_staging(index_dir)
            try:
                posts = _with_language(loaded.posts, options.language)
                _write(staging, posts, options, progress)
                refuse_emptied(content_dir, loaded.posts, options.max_shrink)
                progress("Publishing", 0, 1)
                counts = Counts(loaded.files, len(loaded.posts), len(loaded.left_out))
                manifest = publish(index_dir, staging, counts, options.base_url)
                progress("Publishing", 1, 1)
            finally:
                shutil.rmtree(staging, ignore_errors=True)
            with suppress(
                OSError, IndexUnavailableError
            ):  # what can't be removed now is left to the next build
                prune(index_dir, options.keep_generations)
    except (OSError, sqlite3.Error) as error:
        raise BuildError(explain(error, index_dir)) from error
    return BuildReport(
        generation=manifest.generation,
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


def _with_language(posts: tuple[Post, ...], language: str) -> tuple[Post, ...]:
    """The posts, those that name no language with the site's, so that all who ask agree on it.

    Where nobody names one, a post is read as English without being called so.
    """
    if language_code(language) == DEFAULT_LANGUAGE:
        return posts
    return tuple(post if post.lang else replace(post, lang=language) for post in posts)


def _write(
    staging: Path, posts: tuple[Post, ...], options: BuildOptions, progress: Progress
) -> None:
    """Analyses every post once, and feeds its terms to all that is made of them."""
    lengths = FieldLengths()
    for post in posts:
        lengths.add(units_of(post))
    matrix = MatrixWriter()
    vectors = VectorsBuilder()
    vocabulary = VocabularyBuilder()
    phrases = PhraseCounter()
    titles = ((post.title, post.lang or DEFAULT_LANGUAGE) for post in posts)
    title_phrases = PhraseBlocksBuilder(titles)
    links = LinkResolver(posts, options.base_url)
    boilerplate = Boilerplate(posts)
    with (
        FullTextWriter(staging / FULLTEXT_DIR) as fulltext,
        TextsWriter(staging / TEXTS_DIR) as texts,
        DocumentsWriter(staging / DOCUMENTS_FILE) as documents,
    ):
        for docnum, post in enumerate(posts):
            progress("Indexing", docnum, len(posts))
            language = post.lang or DEFAULT_LANGUAGE
            units = units_of(post)
            analyzed = AnalyzedPost.of(units, lengths.use_weights(units), language)
            positions = analyzed.positions()
            fulltext.add(post.path, positions, analyzed.weights())
            matrix.add(analyzed.units)
            texts.add(analyzed.units, post.sections)
            link_texts = links.link_texts(post)
            labels = {"tags": post.tags, "categories": post.categories}
            vectors.add(positions, boilerplate.terms(post), link_texts, labels, language)
            prose = (unit.tokens for unit in analyzed.units if unit.field == "body")
            title_phrases.add(prose, link_texts, language)
            vocabulary.add((unit.text for unit in units), language)
            phrases.add(phrase_texts(post), language)
            documents.add(docnum, post, links.linked_paths(post))
        progress("Indexing", len(posts), len(posts))
        progress("Writing postings", 0, 1)
    terms = matrix.write(staging / MATRIX_DIR)
    progress("Writing postings", 1, 1)
    vectors.write(staging / VECTORS_DIR, terms, title_phrases.blocks())
    write_columns(staging / COLUMNS_DIR, posts)
    write_word_list(staging / WORDS_DIR, vocabulary.words(), vocabulary.shown_forms(), terms)
    write_completions(staging / COMPLETIONS_DIR, posts, phrases.phrases())
