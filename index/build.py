"""The build, from a folder of posts to a published generation, top to bottom."""

import errno
import shutil
import sqlite3
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from index.analysis import DEFAULT_LANGUAGE, language_code
from index.analyzed import AnalyzedPost
from index.boilerplate import Boilerplate
from index.columns import write_columns
from index.completions import write_completions
from index.documents import DocumentsWriter
from index.errors import BuildError, ContentNotFoundError, StrictBuildError
from index.fulltext import FullTextWriter
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
from index.loader import LoadOptions, load_posts
from index.lock import build_lock
from index.matrix import MatrixWriter
from index.phraseblocks import PhraseBlocksBuilder
from index.phrases import PhraseCounter, phrase_texts
from index.post import LoadedPosts, Post
from index.report import BuildReport, Progress
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
    `is_strict`, any problem refuses the whole build.
    """

    load: LoadOptions = field(default_factory=LoadOptions)
    base_url: str = ""
    language: str = DEFAULT_LANGUAGE
    is_strict: bool = False


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
            staging = create_staging(index_dir)
            try:
                posts = _with_language(loaded.posts, options.language)
                _write(staging, posts, options, progress)
                progress("Publishing", 0, 1)
                counts = Counts(loaded.files, len(loaded.posts), len(loaded.left_out))
                generation = publish(index_dir, staging, counts, options.base_url)
                progress("Publishing", 1, 1)
            finally:
                shutil.rmtree(staging, ignore_errors=True)
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
