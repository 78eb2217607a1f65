"""From a finished generation to the published index in a cluster."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import Final

from index.errors import ClusterAwayError, ClusterError, ClusterNotWellError, ClusterSlowError
from index.generation import KEPT_GENERATIONS, MANIFEST_FILE, Manifest
from index.opensearch.client import Cluster
from index.opensearch.cloning import fill_from, find_base
from index.opensearch.comparing import Sent
from index.opensearch.dictionary import dictionary_files, part_documents
from index.opensearch.digests import Generation, post_digests
from index.opensearch.documents import Posts, post_documents
from index.opensearch.generations import (
    PublishedIndex,
    check_alias,
    current_index,
    indices_of,
    is_published,
    move_alias,
    prune,
    remove_leftovers,
    writing_alias,
)
from index.opensearch.layout import index_name
from index.opensearch.mapping import index_body, served_settings
from index.opensearch.sending import counting, send
from index.report import Progress

__all__ = ["PublishedIndex", "current_index", "prune", "publish_generation"]

COMPARING: Final = "Comparing posts with the cluster's"
COPYING: Final = "Waiting for the cluster's copies"

_POLL_SECONDS: Final = 0.2


def publish_generation(
    directory: Path,
    cluster: Cluster,
    progress: Progress = lambda _step, _done, _total: None,
    *,
    keep_generations: int = KEPT_GENERATIONS,
    is_full: bool = False,
) -> str:
    """Sends the generation in a folder, publishes it and prunes; gives the name of its index.

    Unless it `is_full`, only what has changed is sent where that can be done. One that was
    published before is not sent again. Raises ClusterError, with the alias where it was and nothing
    left behind; where the cluster can't be asked to remove what was sent, the next build has it
    removed.
    """
    manifest = Manifest.from_json(json.loads((directory / MANIFEST_FILE).read_text("utf-8")))
    alias = cluster.options.index
    name = index_name(alias, manifest.generation)
    check_alias(cluster, alias)
    remove_leftovers(cluster, alias)
    found = indices_of(cluster, alias)
    if name in found.current:
        return name
    if name in found.older:
        cluster.delete_index(name)
    progress(COMPARING, 0, 1)
    digests = post_digests(directory)
    base = None if is_full else find_base(cluster, alias, directory, digests)
    progress(COMPARING, 1, 1)
    generation = Generation(directory, manifest, digests)
    with _removed_on_failure(cluster, alias, name):
        if base is None:
            _fill(cluster, name, generation, progress)
        else:
            fill_from(base, cluster, name, generation, progress)
        _settle(cluster, name, progress)
        move_alias(cluster, alias, name)
    with suppress(ClusterError):  # it is published; the next build prunes
        prune(cluster, alias, keep_generations)
    return name


def _fill(
    cluster: Cluster,
    name: str,
    generation: Generation,
    progress: Progress,
) -> None:
    """Makes an index, sends everything to it, and compares."""
    directory, manifest, digests = generation
    target = writing_alias(name)
    body = index_body(manifest, cluster.options)
    cluster.create_index(name, body | {"aliases": {target: {}}})
    sent = Sent(len(digests))
    posts = Posts.of(directory, digests)
    with dictionary_files(
        directory, manifest, cluster.options.index, posts.numbers.series
    ) as files:
        documents = chain(
            sent.watched("post", post_documents(directory, posts)),
            sent.watched("part", part_documents(files)),
        )
        send(cluster, target, documents, counting(progress, len(digests)))
    cluster.refresh(name)
    sent.compare(cluster, name)


def _settle(cluster: Cluster, name: str, progress: Progress) -> None:
    """Gives the index the settings that it is served with, and waits for its copies for a while.

    Raises ClusterNotWellError where not even one of each shard is there.
    """
    options = cluster.options
    cluster.change_settings(name, {"index.translog.durability": "request"})
    # Copies are made of the last commit that all is known to be in, and the first flush is that
    # only once another has said so. What came after it would be sent again, document by document,
    # which takes longer, and of documents that were not kept whole can't be done.
    cluster.flush(name)
    cluster.flush(name)
    cluster.change_settings(name, served_settings(options))
    deadline = time.monotonic() + options.replicas_wait_seconds
    while True:
        health = cluster.health(name)
        copies = min(options.replicas + 1, health["number_of_data_nodes"])
        active, wanted = health["active_shards"], copies * options.shards
        progress(COPYING, active, wanted)
        if active >= wanted:
            return
        if time.monotonic() > deadline:
            break
        time.sleep(_POLL_SECONDS)
    if health["status"] == "red":
        raise ClusterNotWellError(
            f"The cluster at {cluster.where} has lost shards of {name}. See what its health says."
        )


@contextmanager
def _removed_on_failure(cluster: Cluster, alias: str, name: str) -> Iterator[None]:
    """Removes an index where what is done with it fails, unless it may be published all the same.

    A step that nobody answered for may still be done; whether it was is asked.
    """
    try:
        yield
    except BaseException as error:
        with suppress(ClusterError):
            if is_published(cluster, alias, name):
                if isinstance(error, ClusterError):
                    return
            elif not isinstance(error, ClusterSlowError | ClusterAwayError):
                cluster.delete_index(name)
        raise
