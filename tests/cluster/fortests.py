"""What tests get of the cluster, and what becomes of them without it."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final, Never

import pytest

from tests.cluster.cluster import Cluster, private_cluster
from tests.cluster.errors import ClusterMissingError, ClusterProblemError

HOSTS_VARIABLE: Final = "TEST_CLUSTER_HOSTS"
"""The addresses of a cluster that runs, with commas between them.

The names of these variables do not begin as those of settings do: Signpost refuses to start with
one of those that it does not know.
"""

REASON_VARIABLE: Final = "TEST_CLUSTER_MISSING"
"""Why there is no cluster, where that has been found out already."""

REQUIRED_VARIABLE: Final = "TEST_CLUSTER_REQUIRED"
"""If it is set, a cluster that does not start fails its tests, which are skipped otherwise."""


def is_required() -> bool:
    """Whether tests of the cluster have to be run where they can be."""
    return bool(os.environ.get(REQUIRED_VARIABLE))


@contextmanager
def shared_hosts() -> Iterator[tuple[str, ...]]:
    """The addresses of the cluster that all tests share; it is started if nobody has done so."""
    if given := os.environ.get(HOSTS_VARIABLE):
        yield tuple(given.split(","))
        return
    _skip_if_known_to_be_missing()
    cluster = Cluster()
    with ExitStack() as stack:
        try:
            stack.enter_context(cluster.used())
        except ClusterProblemError as error:
            _do_without(error)
        yield cluster.hosts


@contextmanager
def cluster_alone() -> Iterator[Cluster]:
    """A cluster that no other test uses."""
    _skip_if_known_to_be_missing()
    with ExitStack() as stack:
        try:
            cluster = stack.enter_context(private_cluster())
        except ClusterProblemError as error:
            _do_without(error)
        yield cluster


def _skip_if_known_to_be_missing() -> None:
    if reason := os.environ.get(REASON_VARIABLE):
        pytest.skip(reason)


def _do_without(error: ClusterProblemError) -> Never:
    if is_required() and not isinstance(error, ClusterMissingError):
        pytest.fail(str(error))
    pytest.skip(str(error).splitlines()[0])
