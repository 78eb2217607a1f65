"""A process that sends generations to a cluster, each time in a fork that may be killed.

    python -m tests.faults.sending HOST INDEX

A line of JSON on standard input, `{"directory": "…", "request": 7}`, asks for a generation to be
sent by a process that is killed just before it makes its request of this number, from 0; without
one, to the end. What is told has the exit code and, of one that came to its end, the `requests`.
"""

import json
import os
import signal
import sys
import traceback
from itertools import count
from pathlib import Path
from typing import Any

from index.opensearch.client import Cluster, ClusterOptions
from index.opensearch.connection import Connection
from index.opensearch.publishing import publish_generation


def send_in_fork(options: ClusterOptions, order: dict[str, Any]) -> dict[str, Any]:
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        try:
            requests = _send(options, Path(order["directory"]), order.get("request", -1))
            os.write(writing, json.dumps({"requests": requests}).encode())
            os._exit(0)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(2)  # standard error has the reason, and the test is told
    os.close(writing)
    with os.fdopen(reading) as stream:
        told = stream.read()
    _, status = os.waitpid(child, 0)
    return {"code": os.waitstatus_to_exitcode(status), **json.loads(told or "{}")}


def _send(options: ClusterOptions, directory: Path, at: int) -> list[str]:
    ask, numbers, requests = Connection.ask, count(), list[str]()

    def counted(self: Connection, method: str, path: str, *rest: Any, **named: Any) -> Any:
        if next(numbers) == at:
            os.kill(os.getpid(), signal.SIGKILL)
        what = next((part for part in path.split("/") if part[:1] == "_"), "")
        requests.append(f"{method} {what}")
        return ask(self, method, path, *rest, **named)

    Connection.ask = counted  # type: ignore[method-assign]
    publish_generation(directory, Cluster(options), keep_generations=1)
    return requests


def main() -> None:
    options = ClusterOptions((sys.argv[1],), index=sys.argv[2], replicas=0, bulk_mb=0.05)
    for line in sys.stdin:
        print(json.dumps(send_in_fork(options, json.loads(line))), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
