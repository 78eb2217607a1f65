"""A build killed while it sends leaves readers what they had, and nothing in the next one's way."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from index.build import build_index
from index.generation import current_name, directory_of
from index.opensearch.publishing import publish_generation
from tests.cli.test_watch import watching
from tests.faults.conftest import ROOT
from tests.faults.deployed import Deployed, deployed
from tests.faults.sites import write_posts

NAMED_REQUESTS: Final = {
    "POST _bulk",
    "POST _refresh",
    "POST _flush",
    "PUT _settings",
    "POST _aliases",
}

POSTS: Final = 100
"""Of so many, one may change without all being sent again."""


@pytest.fixture
def site(cluster_hosts: tuple[str, ...], tmp_path: Path) -> Iterator[Deployed]:
    with deployed(tmp_path, cluster_hosts) as site:
        yield site


@contextmanager
def sender(site: Deployed) -> Iterator[Callable[..., dict[str, Any]]]:
    """Sends in another process; see `tests.faults.sending`."""
    with subprocess.Popen(
        [
            *(sys.executable, "-m", "tests.faults.sending"),
            *(site.cluster.options.hosts[0], site.alias),
        ],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:

        def send(directory: Path, **order: Any) -> dict[str, Any]:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps({"directory": str(directory), **order}) + "\n")
            process.stdin.flush()
            told: dict[str, Any] = json.loads(process.stdout.readline())
            return told

        yield send


@pytest.mark.parametrize("changes", ["every post", "one post"])
def test_a_build_killed_at_each_kind_of_request_has_published_all_or_nothing(
    site: Deployed, tmp_path: Path, changes: str
) -> None:
    """Where few posts change, what is published is copied first."""
    posts = write_posts(tmp_path / "posts", "old", POSTS)

    def built(name: str) -> Path:
        build_index(posts, tmp_path / name)
        return directory_of(tmp_path / name, current_name(tmp_path / name))

    old = built("old")
    if changes == "every post":
        write_posts(posts, "new", POSTS)
    else:
        (posts / "0.md").write_text("---\ntitle: Another\n---\nLantern.\n", encoding="utf-8")
    new = built("new")

    def publish(directory: Path) -> str:
        return publish_generation(directory, site.cluster, keep_generations=1, is_full=True)

    names = {publish(directory) for directory in (new, old)}
    with sender(site) as send:
        told = send(new)
        assert told["code"] == 0
        requests = told["requests"]
        assert set(requests) >= NAMED_REQUESTS
        assert ("POST _clone" in requests) is (changes == "one post")
        before = publish(old)
        kinds = ["", *requests]
        published = []
        for at in range(len(requests)):
            if kinds[at] == kinds[at + 1]:
                continue
            assert send(new, request=at)["code"] == -9
            assert site.indices() <= names
            published.append((requests[at], site.published() != before))
            if site.published() != before:
                publish(old)
        switch = [is_new for _, is_new in published].index(True)
        assert published[switch - 1][0] == "POST _aliases"
        assert all(is_new for _, is_new in published[switch:]), "there is one switch"
    after = publish_generation(new, site.cluster, keep_generations=1)
    assert (site.published(), site.indices()) == (after, {after})


def test_the_command_killed_while_it_sends_changes_nothing_for_readers(site: Deployed) -> None:
    first = site.build("first")
    service = site.service()
    before = service.answers()
    site.write_posts("second")
    with watching(site.site, "build") as command:
        command.hears("Sending posts")
        command.process.kill()
        command.process.wait()
        assert site.published() == first
        assert service.answers() == before
        assert site.service().answers() == before
    second = site.site.json("build")["cluster_index"]
    assert (site.published(), site.indices()) == (second, {first, second})
