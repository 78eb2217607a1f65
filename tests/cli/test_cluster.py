"""Builds that go to a real cluster, as a person runs them, and looking after what is there."""

import json
import uuid
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest

from index.errors import ClusterError
from index.opensearch.client import Cluster
from index.opensearch.generations import current_index, indices_of
from index.opensearch.options import ClusterOptions
from tests.cli.conftest import Site
from tests.cli.test_watch import watching

NOBODY = "http://127.0.0.1:9"
"""The discard port, where nothing listens."""


def told_of(alias: str, hosts: tuple[str, ...]) -> str:
    listed = json.dumps(list(hosts))
    return f"[engine]\nkind = 'opensearch'\nindex = '{alias}'\nhosts = {listed}\nreplicas = 0\n"


@pytest.fixture
def cluster(cluster_hosts: tuple[str, ...]) -> Iterator[Cluster]:
    """The tests' cluster, asked for an alias of this test alone."""
    options = ClusterOptions(cluster_hosts, index=f"cli-{uuid.uuid4().hex[:12]}")
    with closing(Cluster(options)) as cluster:
        yield cluster
        with suppress(ClusterError):
            for names in indices_of(cluster, options.index):
                for name in names:
                    cluster.delete_index(name)


@pytest.fixture
def cluster_site(site: Site, cluster: Cluster) -> Site:
    site.write({"signpost.toml": told_of(cluster.options.index, cluster.options.hosts)})
    return site


def published(cluster: Cluster) -> str:
    return current_index(cluster, cluster.options.index).name


def test_a_build_goes_to_the_cluster(cluster_site: Site, cluster: Cluster) -> None:
    built = cluster_site.json("build")
    assert built["cluster_index"] == f"{cluster.options.index}-{built['generation'].lower()}"
    assert published(cluster) == built["cluster_index"]
    again = cluster_site.run("build")
    assert again.stdout.startswith("Nothing has changed")
    assert f"In the cluster: {built['cluster_index']}." in again.stdout
    cluster_site.write({"content/lichen.md": "---\ntitle: Lichen\n---\nGrey.\n"})
    next_one = cluster_site.json("build")
    assert (next_one["posts"], next_one["is_unchanged"]) == (3, False)
    assert published(cluster) == next_one["cluster_index"] != built["cluster_index"]


def test_a_full_build_sends_everything(cluster_site: Site, cluster: Cluster) -> None:
    cluster_site.json("build")
    name = cluster_site.json("build", "--full")["cluster_index"]
    settings = cluster._ask("GET", f"/{name}/_settings")[name]["settings"]["index"]
    assert "resize" not in settings


def test_what_the_cluster_lacks_is_sent_though_nothing_has_changed(
    cluster_site: Site, cluster: Cluster
) -> None:
    built = cluster_site.json("build")
    cluster.delete_index(built["cluster_index"])
    again = cluster_site.json("build")
    assert again["is_unchanged"]
    assert published(cluster) == again["cluster_index"] == built["cluster_index"]


def test_an_index_on_this_machine_is_sent_once_there_is_a_cluster(
    site: Site, cluster: Cluster
) -> None:
    local = site.json("build")
    assert "cluster_index" not in local
    site.write({"signpost.toml": told_of(cluster.options.index, cluster.options.hosts)})
    sent = site.json("build")
    assert (sent["is_unchanged"], sent["generation"]) == (True, local["generation"])
    assert published(cluster) == sent["cluster_index"]


def test_as_many_generations_stay_as_the_settings_say(cluster_site: Site, cluster: Cluster) -> None:
    told = told_of(cluster.options.index, cluster.options.hosts)
    cluster_site.write({"signpost.toml": f"{told}[index]\nkeep_generations = 2\n"})
    built = [cluster_site.json("build", "--full")["cluster_index"] for _ in range(3)]
    found = indices_of(cluster, cluster.options.index)
    assert (*found.current, *found.older) == (built[2], built[1])
    cluster_site.write({"signpost.toml": f"{told}[index]\nkeep_generations = 1\n"})
    pruned = cluster_site.json("prune")
    assert (len(pruned["removed"]), pruned["cluster_removed"]) == (1, [built[1]])
    assert "Removed from the cluster: nothing." in cluster_site.run("prune").stdout
    assert published(cluster) == built[2]


def test_verifying_counts_what_the_cluster_has(cluster_site: Site, cluster: Cluster) -> None:
    name = cluster_site.json("build")["cluster_index"]
    told = cluster_site.json("verify")
    assert told["is_sound"]
    assert (told["cluster"]["index"], told["cluster"]["posts"], told["cluster"]["found"]) == (
        name, 2, 2,
    )  # fmt: skip
    assert f"{name}  in the cluster: 2 posts, " in cluster_site.run("verify").stdout
    assert cluster.bulk(cluster.options.index, b'{"delete": {"_id": "/moss"}}\n')
    cluster.refresh(name)
    assert "It was sent 2 posts, and has 1" in cluster_site.run("verify", code=3).stderr
    told = cluster_site.json("verify", code=3)
    assert (told["is_sound"], told["cluster"]["is_sound"]) == (False, False)
    cluster.delete_index(name)
    assert "There is no index" in cluster_site.run("verify", code=3).stderr


def test_saving_sends(cluster_site: Site, cluster: Cluster) -> None:
    with watching(cluster_site, "build", "--watch") as command:
        assert "in the cluster " in command.hears("Published 2 posts")
        cluster_site.write({"content/lichen.md": "---\ntitle: Lichen\n---\nGrey.\n"})
        line = command.hears("Published 3 posts")
        assert published(cluster) in line


def test_a_build_without_its_cluster_is_published_here_and_said_to_be_undone(site: Site) -> None:
    site.write({"signpost.toml": told_of("posts", (NOBODY,))})
    refused = site.run("build", code=3)
    assert f"No node of the cluster at {NOBODY} answers." in refused.stderr
    assert "Traceback" not in refused.stderr
    assert site.json("build", code=3)["error"].startswith("No node of the cluster")
    site.write({"signpost.toml": ""})
    assert site.json("build")["is_unchanged"]


def test_a_watch_without_its_cluster_tells_it_once_and_goes_on(site: Site) -> None:
    site.write({"signpost.toml": told_of("posts", (NOBODY,))})
    with watching(site, "build", "--watch") as command:
        command.hears("No node of the cluster")
        site.write({"content/lichen.md": "---\ntitle: Lichen\n---\nGrey.\n"})
        assert command.process.poll() is None


def test_serving_does_not_begin_with_a_password_that_cannot_be_read(site: Site) -> None:
    told = told_of("posts", (NOBODY,))
    site.write({"signpost.toml": f"{told}username = 'signpost'\npassword_file = 'none'\n"})
    for arguments in (["serve"], ["serve", "--watch"], ["build"], ["status"]):
        refused = site.run(*arguments, code=2)
        assert refused.stderr == (
            "signpost: [engine] password_file: none cannot be read (No such file or directory).\n"
        )


def test_a_password_in_the_file_is_refused_without_showing_it(site: Site) -> None:
    site.write({"signpost.toml": "[engine]\npassword = 'correct horse'\n"})
    refused = site.run("status", code=2)
    assert "SIGNPOST_ENGINE__PASSWORD" in refused.stderr
    assert "correct" not in refused.stderr + refused.stdout
