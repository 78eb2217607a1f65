"""Why there is no cluster.

ClusterProblemError
├── ClusterMissingError   something that it needs is not on this machine: its tests are skipped
└── ClusterStartError     all is there, and it does not run all the same
"""


class ClusterProblemError(Exception):
    """There is no cluster; the message says why."""


class ClusterMissingError(ClusterProblemError):
    """Something that a cluster needs is not here, and cannot be fetched."""


class ClusterStartError(ClusterProblemError):
    """Everything is here, and the cluster does not do what it should."""
