"""An index in a cluster that is not what it should be, and a folder for its dictionary likewise."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from search import fallback
from search.opensearch import engine as engine_module
from tests.cluster.test_cluster import ask
from tests.faults.deployed import Deployed, Service, deployed, until
from tests.faults.test_disk import run


@pytest.fixture(autouse=True)
def looks_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What changes in the cluster is noticed sooner than it has to be, so that tests are short."""
    monkeypatch.setattr(engine_module, "PUBLISH_CHECK_SECONDS", 0.1)
    monkeypatch.setattr(fallback, "RETRY_SECONDS", 0.3)


@pytest.fixture(scope="module")
def built(
    cluster_hosts: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployed]:
    with deployed(tmp_path_factory.mktemp("site"), cluster_hosts) as site:
        site.build("first")
        yield site


@pytest.fixture
def site(built: Deployed) -> Iterator[Deployed]:
    """A published site; what a test does to the index in the cluster is undone in the end."""
    yield built
    for name in built.indices():
        built.cluster.delete_index(name)
    built.site.json("build")


def check_is_told(
    site: Deployed, kind: str, told: str, caplog: pytest.LogCaptureFixture
) -> tuple[Service, Service]:
    """What becomes of a service that starts now, with a fallback and without; gives both."""
    starting, falling = site.service(), site.service(fallback="embedded")
    starting.check_refuses(kind, told, caplog)
    falling.check_falls_back(told)
    for command in ("status", "verify"):
        assert told in site.refused(command)
    return starting, falling


def test_an_index_that_was_removed_is_missing_until_it_is_sent_again(
    site: Deployed, caplog: pytest.LogCaptureFixture
) -> None:
    running = site.service()
    before = running.answers()
    site.cluster.delete_index(site.published())
    running.check_refuses("index_not_found", f"There is no index {site.alias}", caplog)
    services = check_is_told(site, "index_not_found", f"There is no index {site.alias}", caplog)
    assert site.site.json("build")["is_unchanged"]
    for service in (running, *services):
        service.check_recovers()
        assert service.answers() == before


def test_an_index_of_another_version_is_refused_and_one_at_hand_answers_on(
    site: Deployed, caplog: pytest.LogCaptureFixture
) -> None:
    running = site.service()
    before, host, published = running.answers(), site.cluster.options.hosts[0], site.published()
    meta = site.cluster.mapping_meta(published)[published]
    ask(host, f"/{published}/_mapping", {"_meta": meta | {"schema_version": -1}}, "PUT")
    told = "was made by another version"
    services = check_is_told(site, "version", told, caplog)
    until(lambda: running.readiness()["is_fallback"])
    readiness = running.readiness()
    assert (readiness["engine"], told in readiness["fallback_reason"]) == ("opensearch", True)
    assert running.answers() == before
    assert f"Answering on from {published}: " in caplog.text
    ask(host, f"/{published}/_mapping", {"_meta": meta}, "PUT")
    for service in (running, *services):
        service.check_recovers()


def test_an_alias_of_several_indices_is_refused_and_the_next_build_mends_it(
    site: Deployed, caplog: pytest.LogCaptureFixture
) -> None:
    running = site.service()
    running.answers()
    stray = f"{site.alias}-20200101t000000000000-aaaaaaaa"
    site.cluster.create_index(stray, {"aliases": {site.alias: {}}})
    services = check_is_told(site, "damaged", "stands for several indices", caplog)
    until(lambda: running.readiness()["is_fallback"])
    running.answers()
    second = site.build("second")
    assert site.published() == second
    for service in (running, *services):
        service.check_recovers()
        assert service.readiness()["generation"].lower() in second


def test_a_generation_that_was_removed_while_it_answered_is_followed_by_the_next(
    site: Deployed,
) -> None:
    service = site.service()
    service.answers()
    first = site.published()
    second = site.build("third")
    site.cluster.delete_index(first)
    found = service.ask("/api/v1/search?q=lantern").get_json()
    assert second.endswith(found["generation"].lower())
    assert {hit["title"].split()[-1] for hit in found["hits"]} == {"third"}
    assert service.counted("index_not_found") == 0, "nobody has noticed"
    service.answers()


def test_a_damaged_dictionary_is_fetched_again(site: Deployed) -> None:
    folder = site.site.folder / "cache" / site.published()
    before = site.service().answers()
    for file in sorted(
        path for path in folder.rglob("*") if path.is_file() and path.stat().st_size
    ):
        whole = file.read_bytes()
        _flipped(file, whole).replace(file)  # engines have the old one open
        site.service().readiness()
        assert file.read_bytes() == whole, file
    shutil.rmtree(folder / "matrix")
    assert site.service().answers() == before


def _flipped(file: Path, whole: bytes) -> Path:
    other = file.with_name("other")
    middle = len(whole) // 2
    other.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    return other


@pytest.fixture
def full_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder that takes nothing: on a disk that is read-only where mounting is permitted."""
    folder = tmp_path / "cache"
    folder.mkdir()
    if os.geteuid() != 0:
        folder.chmod(0o500)
        yield folder
        folder.chmod(0o700)
        return
    if run("mount", "-t", "tmpfs", "-o", "ro,size=100k", "tmpfs", folder).returncode:
        pytest.skip("mounting is not permitted here")
    yield folder
    run("umount", "--lazy", folder)


def test_a_folder_for_the_dictionary_that_can_not_be_written_to_is_told(
    site: Deployed, full_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    told = f"can't be kept in {full_folder}"
    site.configure(cache_dir=str(full_folder))
    assert told in site.refused("search", "lantern")
    assert told in site.refused("status")
    site.configure()
    site.service(cache_dir=full_folder).check_refuses("damaged", told, caplog)
    site.service(cache_dir=full_folder, fallback="embedded").check_falls_back(told)


def test_a_file_in_place_of_that_folder_is_told(site: Deployed, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("A file.")
    site.configure(cache_dir=str(tmp_path / "cache"))
    assert f"can't be kept in {tmp_path / 'cache'}" in site.refused("search", "lantern")
    site.configure()
