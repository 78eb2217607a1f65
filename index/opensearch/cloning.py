"""A generation as a copy of the published index, to which only what has changed is sent.

Nearly all that the cluster has of a post depends a little on all others, so that one changed post
changes every document by a hair. Those of posts that are themselves the same stay as they were
sent, until too much has changed: then all are sent.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

from index.errors import ClusterError
from index.opensearch.carrying import rotation_into
from index.opensearch.changes import Changes, find_changes
from index.opensearch.client import Cluster
from index.opensearch.comparing import Sent
from index.opensearch.dictionary import dictionary_files, part_documents, part_id
from index.opensearch.digests import Digests, Generation
from index.opensearch.documents import Posts, Removal, post_documents
from index.opensearch.generations import PublishedIndex, current_index, writing_alias
from index.opensearch.layout import document_id
from index.opensearch.mapping import MAX_RESULT_WINDOW, clone_body, meta
from index.opensearch.postvectors import Floats
from index.opensearch.sending import Action, counting, send
from index.report import Progress

MOST_CHANGED: Final = 0.01
"""Once more of the posts than this have changed since all were sent, all are sent again."""


@dataclass(frozen=True, slots=True)
class Base:
    """A published index, and how it becomes that of a generation.

    `rotation` is for the concepts of the posts that are sent, if any are.
    """

    published: PublishedIndex
    changes: Changes
    rotation: Floats | None


def find_base(cluster: Cluster, alias: str, directory: Path, digests: Digests) -> Base | None:
    """What the generation in a folder, whose posts have these digests, can be made from.

    None where all has to be sent: nothing is published or by another version, with another number
    of shards, or whole no more; or too much has changed since all was sent.
    """
    try:
        published = current_index(cluster, alias)
        changed = published.meta.get("changed_posts")
        shards = cluster.health(published.name)["active_primary_shards"]
        if changed is None or shards != cluster.options.shards:
            return None
        most = int(MOST_CHANGED * len(digests)) - changed
        changes = find_changes(cluster, published, directory, digests, most)
        if changes is None:
            return None
        if not len(changes.docs):
            return Base(published, changes, None)
        rotation = rotation_into(cluster, published.name, directory, changes.kept)
    except ClusterError:  # where it is the cluster that is not well, sending will tell
        return None
    return None if rotation is None else Base(published, changes, rotation)


def fill_from(
    base: Base,
    cluster: Cluster,
    name: str,
    generation: Generation,
    progress: Progress,
) -> None:
    """Makes an index from its base, sends what is other in a generation, and compares."""
    directory, manifest, digests = generation
    published, changes = base.published, base.changes
    target = writing_alias(name)
    cluster.change_settings(published.name, {"index.blocks.write": True})
    cluster.clone_index(published.name, name, clone_body(target))
    known = _parts_of(cluster, published.name)
    sent = Sent(len(changes.docs))
    sent.carried("post", len(changes.kept))
    with dictionary_files(
        directory, manifest, cluster.options.index, changes.numbers.series
    ) as files:
        parts = {part: file.facts["sha256"] for file in files for part in file.parts()}
        other = [file for file in files if any(known.get(p) != parts[p] for p in file.parts())]
        sent.carried("part", len(parts) - sum(len(file.parts()) for file in other))
        posts = Posts(changes.docs, digests, changes.numbers, base.rotation)
        gone = (*map(document_id, changes.removed), *(part for part in known if part not in parts))
        documents: Iterator[Action] = chain(
            map(Removal, gone),
            sent.watched("post", post_documents(directory, posts)),
            sent.watched("part", part_documents(other)),
        )
        send(cluster, target, documents, counting(progress, len(changes.docs)))
    cluster.change_meta(name, meta(manifest, published.meta["changed_posts"] + changes.count))
    cluster.refresh(name)
    sent.compare(cluster, name)


def _parts_of(cluster: Cluster, index: str) -> dict[str, str]:
    """The names of the dictionary's parts in an index, and the hash of the file of each."""
    body = {
        "query": {"term": {"kind": "part"}},
        "size": MAX_RESULT_WINDOW,
        "stored_fields": "_none_",
        "docvalue_fields": ["name", "number", "sha256"],
    }
    seconds = cluster.options.bulk_timeout_ms / 1000
    hits = cluster.search(index, body, timeout_seconds=seconds)["hits"]["hits"]
    facts = (hit["fields"] for hit in hits)
    return {part_id(each["name"][0], each["number"][0]): each["sha256"][0] for each in facts}
