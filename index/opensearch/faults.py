"""What a cluster answers when it can't, in words for an owner."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from index.errors import (
    ClusterAwayError,
    ClusterError,
    ClusterIndexNotFoundError,
    ClusterNotWellError,
    ClusterReadOnlyError,
    ClusterRefusedError,
    ClusterSlowError,
)

BUSY: Final = 429
UNAVAILABLE: Final = frozenset({BUSY, 502, 503, 504})
"""What another node may do better, or the same one a moment later."""

_BLOCK: Final = "cluster_block_exception"
_CREATE_BLOCK: Final = "index_create_block_exception"
"""No index may be made: the cluster says so by itself once all its disks are nearly full."""

_WRITE_BLOCKS: Final = ("read-only", "disk usage", "index write")
_LOST_NODE: Final = frozenset(
    {
        "connect_transport_exception",
        "node_closed_exception",
        "node_disconnected_exception",
        "node_not_connected_exception",
        "receive_timeout_transport_exception",
        "search_context_missing_exception",
    }
)
"""What nodes say for a moment, with any status, when one of them has gone."""

_MAX_REASON_CHARS: Final = 300


class Fault(NamedTuple):
    """A request that was refused: the HTTP status, the kind of error, and what is said of it."""

    status: int
    kind: str
    reason: str

    @classmethod
    def of(cls, status: int, told: Any) -> "Fault":
        """The fault from the body of an answer, or from what a bulk item says of itself."""
        error = told.get("error", told) if isinstance(told, Mapping) else told
        if not isinstance(error, Mapping):
            return cls(status, "", str(error or "")[:_MAX_REASON_CHARS])
        causes = error.get("root_cause") or [error]
        deepest = error.get("caused_by") or causes[0]
        reasons = [str(part.get("reason") or "") for part in (causes[0], deepest)]
        told_once = ": ".join(dict.fromkeys(filter(None, reasons)))
        kind = str(causes[0].get("type") or error.get("type") or "")
        if deepest.get("type") in _LOST_NODE:  # else it is told as what failed for that
            kind = str(deepest["type"])
        return cls(status, kind, told_once[:_MAX_REASON_CHARS])

    @property
    def may_pass(self) -> bool:
        """Whether the same request may do better a moment later, or on another node."""
        return self._is_unavailable and not self._is_write_block

    @property
    def _is_unavailable(self) -> bool:
        return self.status in UNAVAILABLE or self.kind in _LOST_NODE

    @property
    def _is_write_block(self) -> bool:
        if self.kind == _CREATE_BLOCK:
            return True
        return self.kind == _BLOCK and any(block in self.reason for block in _WRITE_BLOCKS)

    def as_error(self, where: str, index: str) -> ClusterError:  # noqa: PLR0911 - one for each fault
        """The error that it is, of a cluster at some hosts and the alias or index asked about."""
        told = f" ({self.reason})" if self.reason else ""
        if self._is_write_block:
            return ClusterReadOnlyError(
                f"The cluster at {where} takes no writes{told}. Free disk space on its nodes, or "
                "add a node, and build again."
            )
        if self.status == 401:
            return ClusterRefusedError(
                f"The cluster at {where} refuses the user's name or the password. Check both."
            )
        if self.status == 403:
            return ClusterRefusedError(
                f"The cluster at {where} does not let this user do that{told}. Give the user the "
                f"rights to read, write and manage {index} and {index}-*."
            )
        if self.kind == "index_not_found_exception" or (self.status == 404 and not self.kind):
            return no_index(where, index)
        if self.status == 408:
            return slow(where)
        if self._is_unavailable:
            return ClusterNotWellError(
                f"The cluster at {where} is not well{told}. See what its health says."
            )
        return ClusterError(
            f"The cluster at {where} can't do what is asked of it: {self.reason or self.status}."
        )


def no_index(where: str, index: str) -> ClusterIndexNotFoundError:
    """The error that there is nothing of this name."""
    return ClusterIndexNotFoundError(
        f"There is no index {index} in the cluster at {where}. Make one: signpost build"
    )


def slow(where: str) -> ClusterSlowError:
    """The error that nothing came back in time."""
    return ClusterSlowError(
        f"The cluster at {where} does not answer in time. See what it is busy with, or give it "
        "more time: timeout_ms."
    )


def away(where: str) -> ClusterAwayError:
    """The error that nobody is there."""
    return ClusterAwayError(
        f"No node of the cluster at {where} answers. See whether it runs, and whether the "
        "addresses are right."
    )


def untrusted(where: str, reason: str) -> ClusterRefusedError:
    """The error that no safe connection comes about."""
    return ClusterRefusedError(
        f"The certificate of the cluster at {where} can't be trusted ({reason}). Name the file "
        "with the authority that signed it: ca_file."
    )
