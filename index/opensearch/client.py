"""A cluster as the rest of Signpost knows it: few calls, bounded in time, with named errors."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from index.errors import ClusterError, ClusterIndexNotFoundError, ClusterNotWellError
from index.opensearch.connection import Connection, Json
from index.opensearch.faults import Fault
from index.opensearch.options import ClusterOptions

__all__ = ["Cluster", "ClusterOptions"]

_WAITS: Final = 3
"""A node may wait for others for so small a part of the time: it has to answer before it is out."""

_NDJSON: Final = {"content-type": "application/x-ndjson"}


class Cluster:
    """Talks to one cluster; to be shared by threads. All calls raise ClusterError, and only that.

    Raises ClusterPackageError where opensearch-py is not installed.
    """

    def __init__(self, options: ClusterOptions) -> None:
        self.options = options
        self._connection = Connection(options)
        self._ask = self._connection.ask

    @property
    def where(self) -> str:
        """The addresses of the cluster's nodes, to be shown."""
        return self._connection.where

    def search(
        self,
        index: str,
        body: Mapping[str, Any],
        params: Mapping[str, Any] | None = None,
        *,
        timeout_seconds: float | None = None,
    ) -> Json:
        """What a search finds on all shards; one that is missing is an error."""
        params = {"allow_partial_search_results": "false"} | dict(params or {})
        return self._ask(
            "POST", f"/{_path(index)}/_search", params, body, timeout_seconds=timeout_seconds
        )

    def msearch(
        self,
        index: str,
        bodies: Iterable[Mapping[str, Any]],
        params: Mapping[str, Any] | None = None,
        *,
        timeout_seconds: float | None = None,
    ) -> list[Json]:
        """What each of some searches finds, in their order; the first that fails is an error."""
        head = {"allow_partial_search_results": False}
        lines = [json.dumps(line) for body in bodies for line in (head, body)]
        found = self._ask(
            "POST",
            f"/{_path(index)}/_msearch",
            params,
            "".join(f"{line}\n" for line in lines).encode(),
            timeout_seconds=timeout_seconds,
            headers=_NDJSON,
        )
        return list(found["responses"])

    def mget(
        self,
        index: str,
        ids: Sequence[str],
        params: Mapping[str, Any] | None = None,
        *,
        timeout_seconds: float | None = None,
    ) -> list[Json]:
        """The documents of these names, in their order; `found` tells which are there."""
        if not ids:
            return []
        found = self._ask(
            "POST",
            f"/{_path(index)}/_mget",
            params,
            {"ids": list(ids)},
            timeout_seconds=timeout_seconds,
        )
        return list(found["docs"])

    def bulk(self, index: str, lines: bytes) -> list[Json]:
        """What became of each of the documents in the body of a bulk request: status, and error.

        `index` has to be an alias, so that an index that is gone is not made anew unawares.
        """
        params = {
            "require_alias": "true",
            "filter_path": "items.*.status,items.*.error",
        }
        seconds = self.options.bulk_timeout_ms / 1000
        path = f"/{_path(index)}/_bulk"
        told = self._ask("POST", path, params, lines, timeout_seconds=seconds, headers=_NDJSON)
        return [next(iter(item.values())) for item in told["items"]]

    def create_index(self, name: str, body: Mapping[str, Any]) -> None:
        """Makes an index, unless it is there."""
        try:
            self._ask("PUT", f"/{_path(name)}", None, body, timeout_seconds=self._slow_seconds)
        except ClusterError as error:
            if "already exists" not in str(error):
                raise

    def clone_index(self, name: str, clone: str, body: Mapping[str, Any]) -> None:
        """Makes a copy of an index whose writes are blocked, unless it is there."""
        path = f"/{_path(name)}/_clone/{_path(clone)}"
        seconds = self._slow_seconds
        params = {"timeout": f"{round(seconds * 1000 / _WAITS)}ms"}
        try:
            told = self._ask("POST", path, params, body, timeout_seconds=seconds)
        except ClusterError as error:
            if "already exists" not in str(error):
                raise
        else:
            if not told["shards_acknowledged"]:
                raise ClusterNotWellError(
                    f"The cluster at {self.where} can't make a copy of {name}, beside it on the "
                    "same node. See what its health says, or send everything to wherever there is "
                    "room: signpost build --full"
                )

    def delete_index(self, name: str) -> None:
        """Removes an index, if it is there."""
        params = {"ignore_unavailable": "true"}
        self._ask("DELETE", f"/{_path(name)}", params, timeout_seconds=self._slow_seconds)

    def change_settings(self, name: str, settings: Mapping[str, Any]) -> None:
        """Changes settings of an index."""
        path = f"/{_path(name)}/_settings"
        self._ask("PUT", path, None, settings, timeout_seconds=self._slow_seconds)

    def refresh(self, name: str) -> None:
        """Lets all that was written to an index be found."""
        self._ask("POST", f"/{_path(name)}/_refresh", timeout_seconds=self._slow_seconds)

    def flush(self, name: str) -> None:
        """Has all that was written to an index on disk."""
        params = {"force": "true"}
        self._ask("POST", f"/{_path(name)}/_flush", params, timeout_seconds=self._slow_seconds)

    def count(self, name: str, query: Mapping[str, Any]) -> int:
        """How many documents of an index a query finds."""
        told = self._ask("POST", f"/{_path(name)}/_count", None, {"query": query})
        if told["_shards"]["failed"]:
            fault = Fault(503, "", "shards are missing")
            raise fault.as_error(self.where, name)
        return int(told["count"])

    def aliases(self, pattern: str) -> dict[str, set[str]]:
        """The indices of this name, or that such a pattern fits, and the aliases of each."""
        try:
            told = self._ask("GET", f"/{_path(pattern)}/_alias")
        except ClusterIndexNotFoundError:
            return {}
        return {name: set(index.get("aliases", ())) for name, index in told.items()}

    def change_aliases(self, actions: Sequence[Mapping[str, Any]]) -> None:
        """Takes aliases away and gives them, all in one step."""
        body = {"actions": list(actions)}
        self._ask("POST", "/_aliases", None, body, timeout_seconds=self._slow_seconds)

    def mapping_meta(self, name: str) -> dict[str, Json]:
        """The `_meta` of the indices of this name or alias, by their names."""
        told = self._ask("GET", f"/{_path(name)}/_mapping")
        return {index: found["mappings"].get("_meta", {}) for index, found in told.items()}

    def change_meta(self, name: str, meta: Mapping[str, Any]) -> None:
        """Replaces the `_meta` of an index's mapping."""
        path = f"/{_path(name)}/_mapping"
        self._ask("PUT", path, None, {"_meta": dict(meta)}, timeout_seconds=self._slow_seconds)

    def health(self, name: str = "") -> Json:
        """How the cluster is, or an index of it."""
        return self._ask("GET", f"/_cluster/health/{_path(name)}".rstrip("/"))

    def index_bytes(self, name: str) -> int:
        """How many bytes an index takes on all nodes."""
        told = self._ask("GET", f"/{_path(name)}/_stats/store")
        return int(told["_all"]["total"]["store"]["size_in_bytes"])

    def close(self) -> None:
        """Lets go of the connections."""
        self._connection.close()

    @property
    def _slow_seconds(self) -> float:
        """How long what changes the cluster's own state may take."""
        return max(self.options.timeout_ms, self.options.bulk_timeout_ms) / 1000


def _path(name: str) -> str:
    return quote(name, safe="*,-_")
