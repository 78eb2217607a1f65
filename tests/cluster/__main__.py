"""`python -m tests.cluster`: starts, stops, breaks and mends the cluster of the tests."""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Final

from tests.cluster.cluster import FIRST_PORT, Cluster
from tests.cluster.errors import ClusterMissingError, ClusterProblemError
from tests.cluster.fortests import HOSTS_VARIABLE, REASON_VARIABLE, is_required
from tests.cluster.node import NODES

DESCRIPTION: Final = f"""\
A real OpenSearch cluster of three nodes on this machine, for tests and trials.

It needs Java 17 or 21 and, the first time, Maven, which fetches OpenSearch (about 40 MB) into
$XDG_CACHE_HOME or ~/.cache, folder signpost-cluster. Each node takes 300 to 750 MB of memory. Only
this machine can reach them, and there are no passwords. OpenSearch does not run as root: there,
its processes belong to the user nobody, and if that user cannot enter the folder, it is
/var/cache/signpost-cluster.

what can be done:
  start       start all nodes and wait until the cluster is green; those that run are left alone.
              If none runs, old data is thrown away, unless you say --keep
  stop        stop all nodes
  status      say which nodes run, and how the cluster is; exits with 1 if one does not
  kill N      end node N (1 to {NODES}) as a crash would, with kill -9
  restart N   bring node N back with its data, and wait until the cluster is well
  run ...     run a command, such as pytest, with the cluster running for it; if it was not
              running before, it is stopped afterwards. Without Java or Maven, the command runs
              all the same, and tests that need the cluster are skipped
"""


def say(*lines: str) -> None:
    """Tells people something; what is for programs goes to standard output instead."""
    sys.stderr.write("".join(f"cluster: {line}\n" for line in lines))
    sys.stderr.flush()


def options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.cluster",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--port",
        type=int,
        default=FIRST_PORT,
        help="where the first node answers; the others follow, and 100 above are the ports that "
        "they talk to each other at. Another number is another cluster (default %(default)s)",
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("start").add_argument("--keep", action="store_true", help="keep old data")
    for name in ("stop", "status"):
        actions.add_parser(name)
    for name in ("kill", "restart"):
        actions.add_parser(name).add_argument("number", type=int, metavar="N")
    actions.add_parser("run").add_argument("command", nargs=argparse.REMAINDER)
    return parser.parse_args(arguments)


def status(cluster: Cluster) -> int:
    """Says how it is; 1 if a node does not run or none answers."""
    for node in cluster.nodes:
        pid = node.pid
        does = f"runs (process {pid})" if pid else "does not run"
        sys.stdout.write(f"node {node.number}  {node.url}  {does}\n")
    health = cluster.health()
    if health is None:
        sys.stdout.write("No node answers.\n")
        return 1
    sys.stdout.write(
        f"The cluster is {health['status']}, with {health['number_of_nodes']} nodes.\n"
    )
    return 0 if all(node.is_running for node in cluster.nodes) else 1


def run(cluster: Cluster, command: Sequence[str]) -> int:
    """Runs the command with the cluster, or without where that is allowed; its exit code."""
    if not command:
        say("run needs a command")
        return 2
    if os.environ.get(HOSTS_VARIABLE):
        return run_command(command, {})
    with ExitStack() as stack:
        try:
            say(f"starting three nodes at {cluster.hosts[0]} and the ports after it")
            stack.enter_context(cluster.used())
        except ClusterProblemError as error:
            if is_required() and not isinstance(error, ClusterMissingError):
                say(str(error))
                return 1
            reason = " ".join(str(error).splitlines()[:1])
            warning = (f"NO CLUSTER: {error}", "TESTS THAT NEED IT ARE SKIPPED.")
            say(*warning)
            code = run_command(command, {REASON_VARIABLE: reason})
            say(*warning)
            return code
        return run_command(command, {HOSTS_VARIABLE: ",".join(cluster.hosts)})


def run_command(command: Sequence[str], variables: Mapping[str, str]) -> int:
    """Runs it to its end, also when this process is told to end earlier."""
    with subprocess.Popen(command, env=os.environ | variables) as process:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the command gets a Ctrl-C as well
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        code = process.wait()
    return code if code >= 0 else 128 - code


def main(arguments: Sequence[str] | None = None) -> int:
    """Does what was asked for; 0 if it is done."""
    asked = options(arguments)
    cluster = Cluster(asked.port)
    try:
        match asked.action:
            case "start":
                say(f"starting three nodes at {cluster.hosts[0]} and the ports after it")
                say("started" if cluster.start(keep=asked.keep) else "they all run already")
                sys.stdout.write("".join(f"{host}\n" for host in cluster.hosts))
            case "stop":
                say("stopped" if cluster.stop() else "it does not run")
            case "status":
                return status(cluster)
            case "kill":
                cluster.kill(asked.number)
                say(f"killed node {asked.number}")
            case "restart":
                cluster.restart(asked.number)
                say(f"node {asked.number} is back")
            case "run":
                return run(cluster, asked.command)
    except (ClusterProblemError, OSError) as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
