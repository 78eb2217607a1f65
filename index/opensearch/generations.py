"""The indices of an alias in a cluster: which is published, which are old, which are leftovers.

An index is filled under an alias of its own, `<index>.writing`. The step that moves the readers'
alias takes that one away: an index that has it still was never published. As both happen in one
step, no index is ever both or neither.
"""

import re
from typing import Any, Final, NamedTuple

from index.errors import ClusterDamagedError, ClusterError
from index.opensearch.client import Cluster
from index.opensearch.faults import no_index
from index.opensearch.mapping import check_meta

_WRITING: Final = ".writing"
_GENERATION: Final = re.compile(r"\d{8}t\d+-[0-9a-f]+")


class PublishedIndex(NamedTuple):
    """The index that an alias stands for, and the `_meta` of its mapping."""

    name: str
    meta: dict[str, Any]


class Indices(NamedTuple):
    """The indices of generations of one alias, newest first."""

    current: tuple[str, ...]
    older: tuple[str, ...]
    unpublished: tuple[str, ...]


def current_index(cluster: Cluster, alias: str) -> PublishedIndex:
    """The published index.

    Raises ClusterIndexNotFoundError where there is none, and ClusterVersionError where another
    version of Signpost made it.
    """
    found = cluster.mapping_meta(alias)
    if not found:
        raise no_index(cluster.where, alias)
    if len(found) > 1:
        raise ClusterDamagedError(
            f"The alias {alias} in the cluster at {cluster.where} stands for several indices: "
            f"{', '.join(sorted(found))}. Build again: signpost build"
        )
    ((name, meta),) = found.items()
    check_meta(meta, name)
    return PublishedIndex(name, meta)


def indices_of(cluster: Cluster, alias: str) -> Indices:
    """The indices that generations of an alias are in; those of other aliases are none of them."""
    aliases = cluster.aliases(f"{alias}-*")
    names = sorted(filter(lambda name: is_generation(name, alias), aliases), reverse=True)
    unpublished = [name for name in names if writing_alias(name) in aliases[name]]
    current = [name for name in names if alias in aliases[name]]
    older = [name for name in names if name not in {*unpublished, *current}]
    return Indices(tuple(current), tuple(older), tuple(unpublished))


def prune(cluster: Cluster, alias: str, keep: int) -> tuple[str, ...]:
    """Removes all but the newest `keep` published generations, and never the current one.

    Gives the names of the indices that went.
    """
    found = indices_of(cluster, alias)
    newest = sorted((*found.current, *found.older), reverse=True)[: max(keep, 1)]
    old = tuple(name for name in found.older if name not in newest)
    for name in old:
        cluster.delete_index(name)
    return old


def remove_leftovers(cluster: Cluster, alias: str) -> tuple[str, ...]:
    """Removes what killed builds left; gives the names of the indices.

    A build that is at work is taken for one as well: it fails as soon as it sends more.
    """
    leftovers = indices_of(cluster, alias).unpublished
    for name in leftovers:
        cluster.delete_index(name)
    return leftovers


def check_alias(cluster: Cluster, alias: str) -> None:
    """Raises ClusterError where an index of this very name is in the way of the alias."""
    if alias in cluster.aliases(alias):
        raise ClusterError(
            f"The cluster at {cluster.where} has an index called {alias}, where an alias has to "
            "be. Remove it, or choose another name."
        )


def move_alias(cluster: Cluster, alias: str, name: str) -> None:
    """Publishes an index, in one step that is done or not done."""
    actions: list[dict[str, Any]] = [
        {"add": {"index": name, "alias": alias}},
        {"remove": {"index": name, "alias": writing_alias(name)}},
    ]
    if cluster.aliases(alias):
        actions.insert(0, {"remove": {"index": f"{alias}-*", "alias": alias}})
    cluster.change_aliases(actions)


def is_published(cluster: Cluster, alias: str, name: str) -> bool:
    """Whether an index is what its alias stands for."""
    return alias in cluster.aliases(name).get(name, ())


def writing_alias(name: str) -> str:
    """The alias of an index that is not published yet."""
    return f"{name}{_WRITING}"


def is_generation(name: str, alias: str) -> bool:
    """Whether an index is named as those of an alias are, and not as those of a longer one."""
    return _GENERATION.fullmatch(name.removeprefix(f"{alias}-")) is not None
