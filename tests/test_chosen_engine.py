"""What the settings say of a cluster, and which engine they choose."""

import pickle
from pathlib import Path
from typing import Any

import pytest

from index.build import build_index
from index.errors import ClusterError, ClusterPackageError
from index.opensearch import connection
from search.chosen_engine import check_cluster, cluster_options_of, engine_source_of, open_engine_of
from search.errors import SettingsError
from search.settings import Settings, load_settings
from tests.conftest import write_site


def settings_of(environ: dict[str, str] | None = None, **engine: Any) -> Settings:
    chosen = {"kind": "opensearch", "hosts": ["https://search-1:9200/"], **engine}
    return load_settings(overrides={"engine": chosen}, environ=environ or {})


def test_without_a_cluster_the_index_on_this_machine_answers(tmp_path: Path) -> None:
    content = write_site(tmp_path / "content", {"fern.md": "# Fern\n"})
    build_index(content, tmp_path / "index")
    settings = load_settings(overrides={"index": {"dir": tmp_path / "index"}}, environ={})
    assert engine_source_of(settings).cluster is None
    assert open_engine_of(settings).status().engine == "embedded"


def test_what_is_set_is_what_the_cluster_is_talked_to_with(tmp_path: Path) -> None:
    options = cluster_options_of(
        settings_of(
            {"SIGNPOST_ENGINE__PASSWORD": "correct horse"},
            index="blog",
            username="signpost",
            ca_file=str(tmp_path / "ca.pem"),
            timeout_ms=2000,
            shards=3,
            replicas=2,
            refresh_seconds=60,
            bulk_mb=10,
            bulk_requests=8,
            post_cache_mb=64,
        )
    )
    assert (options.hosts, options.index) == (("https://search-1:9200",), "blog")
    assert (options.username, options.password) == ("signpost", "correct horse")
    assert (options.ca_file, options.verifies_certificates) == (tmp_path / "ca.pem", True)
    assert (options.timeout_ms, options.shards, options.replicas) == (2000, 3, 2)
    assert (options.refresh_seconds, options.bulk_mb, options.bulk_requests) == (60, 10, 8)
    assert options.post_cache_mb == 64
    assert "correct" not in repr(options)


def test_a_cluster_can_be_sent_to_another_process(tmp_path: Path) -> None:
    source = engine_source_of(settings_of(cache_dir=str(tmp_path), fallback="embedded"))
    assert pickle.loads(pickle.dumps(source)) == source  # noqa: S301
    assert source.cluster is not None
    assert (source.cluster.cache_dir, source.cluster.has_fallback) == (tmp_path, True)


@pytest.mark.parametrize("written", ["correct horse\n", "\ufeffcorrect horse", "correct horse\r\n"])
def test_a_password_is_read_from_a_file(tmp_path: Path, written: str) -> None:
    (tmp_path / "password").write_bytes(written.encode())
    settings = settings_of(username="signpost", password_file=str(tmp_path / "password"))
    options = cluster_options_of(settings)
    assert (options.username, options.password) == ("signpost", "correct horse")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "must have the password in one line, and nothing else."),
        (b"correct\nhorse\n", "must have the password in one line, and nothing else."),
        (b"correct \xe4", "is not UTF-8 text."),
        (None, "cannot be read (No such file or directory)."),
    ],
)
def test_a_file_without_a_password_is_named_and_not_shown(
    tmp_path: Path, content: bytes | None, told: str
) -> None:
    file = tmp_path / "password"
    if content is not None:
        file.write_bytes(content)
    settings = settings_of(username="signpost", password_file=str(file))
    with pytest.raises(SettingsError) as caught:
        cluster_options_of(settings)
    assert str(caught.value) == f"[engine] password_file: {file} {told}"


def test_certificates_that_are_not_checked_are_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    assert cluster_options_of(settings_of()).verifies_certificates
    assert not caplog.records
    assert not cluster_options_of(settings_of(verify_certificates=False)).verifies_certificates
    [record] = caplog.records
    assert record.levelname == "WARNING"
    assert record.getMessage().startswith("CERTIFICATES ARE NOT CHECKED: verify_certificates")


def test_what_can_never_be_talked_to_is_found_without_talking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_cluster(load_settings(environ={}))
    check_cluster(settings_of())
    with pytest.raises(SettingsError, match="cannot be read"):
        check_cluster(settings_of(username="signpost", password_file=str(tmp_path / "none")))
    with pytest.raises(ClusterError, match="can't be talked to"):
        check_cluster(settings_of(ca_file=str(tmp_path / "none")))
    monkeypatch.setattr(connection, "IS_INSTALLED", False)
    with pytest.raises(ClusterPackageError, match=r"pip install signpost-search\[opensearch\]"):
        check_cluster(settings_of())
