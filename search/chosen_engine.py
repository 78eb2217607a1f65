"""The engine that the settings choose, and what they say of a cluster."""

import logging
from pathlib import Path

from index.opensearch.options import ClusterOptions
from search.cluster_source import ClusterSource
from search.engine import Engine
from search.errors import SettingsError
from search.every_post import EngineSource
from search.settings import Settings
from search.settings_engine import EngineSettings

_log = logging.getLogger(__name__)


def open_engine_of(settings: Settings) -> Engine:
    """The engine that the settings choose.

    Raises IndexUnavailableError where there is nothing to answer from, and SettingsError where the
    file with the password can't be read.
    """
    return engine_source_of(settings).open()


def engine_source_of(settings: Settings) -> EngineSource:
    """What that engine is opened with. Raises SettingsError."""
    cluster = None
    if settings.engine.is_cluster:
        cluster = ClusterSource(
            cluster_options_of(settings), settings.engine.cache_dir, settings.engine.has_fallback
        )
    return EngineSource(
        settings.index.dir,
        base_url=settings.site.base_url or None,
        tuning=settings.tuning,
        cluster=cluster,
    )


def cluster_options_of(settings: Settings) -> ClusterOptions:
    """How to talk to the cluster that the settings name. Raises SettingsError.

    The log is warned where they say that certificates are not to be checked.
    """
    engine = settings.engine
    if not engine.verify_certificates:
        _log.warning(
            "CERTIFICATES ARE NOT CHECKED: verify_certificates is false, so anybody between this "
            "machine and the cluster can read and change what goes by, the password included."
        )
    return ClusterOptions(
        hosts=engine.hosts,
        index=engine.index,
        username=engine.username,
        password=_password(engine),
        ca_file=Path(engine.ca_file) if engine.ca_file else None,
        verifies_certificates=engine.verify_certificates,
        timeout_ms=engine.timeout_ms,
        shards=engine.shards,
        replicas=engine.replicas,
        refresh_seconds=engine.refresh_seconds,
        bulk_mb=engine.bulk_mb,
        bulk_requests=engine.bulk_requests,
        post_cache_mb=engine.post_cache_mb,
    )


def check_cluster(settings: Settings) -> None:
    """Finds out whether the cluster can be asked at all, without asking it.

    Raises SettingsError where the password can't be read, and ClusterError where the package that
    talks to clusters is not installed, or the certificates in `ca_file` are none.
    """
    if settings.engine.is_cluster:
        from index.opensearch.client import Cluster  # noqa: PLC0415  # only where there is one

        Cluster(cluster_options_of(settings)).close()


def _password(engine: EngineSettings) -> str:
    """The password, from the environment or the file that has it; empty where there is none."""
    if not engine.password_file:
        return engine.password.get_secret_value()
    told = f"[engine] password_file: {engine.password_file}"
    try:
        password = Path(engine.password_file).read_text(encoding="utf-8-sig").strip("\r\n")
    except OSError as error:
        raise SettingsError(f"{told} cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError:  # whose text would show what is in the file
        raise SettingsError(f"{told} is not UTF-8 text.") from None
    if not password or "\n" in password:
        raise SettingsError(f"{told} must have the password in one line, and nothing else.")
    return password
