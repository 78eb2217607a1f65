"""The section `[engine]`: what answers, and the cluster that it may be."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr

from search import settings_values
from search.settings_section import Folder, Section

FileName = Annotated[str, AfterValidator(settings_values.file_name)]


class EngineSettings(Section):
    """What answers; all but `kind` is about a cluster."""

    kind: Literal["embedded", "opensearch"] = Field(
        default="embedded",
        description='"embedded" for an index on this machine, or "opensearch" for a cluster',
    )
    hosts: tuple[Annotated[str, AfterValidator(settings_values.host_address)], ...] = Field(
        default=(),
        description="a list of http or https addresses without a user or a password, such as "
        '["https://search-1:9200", "https://search-2:9200"]',
    )
    index: Annotated[str, AfterValidator(settings_values.index_alias)] = Field(
        default="posts",
        description="a name of at most 200 bytes in lower case, without spaces or any of "
        '\\ / * ? " < > | , # :, that does not begin with a dot, -, _ or +',
    )
    username: str = Field(default="", description='the name of a user, or ""')
    password: SecretStr = Field(default=SecretStr(""), description="a text")
    password_file: FileName = Field(default="", description='the name of a file, or ""')
    ca_file: FileName = Field(default="", description='the name of a file, or ""')
    verify_certificates: bool = Field(default=True, description="true or false")
    timeout_ms: Annotated[int, Field(ge=100, le=600_000)] = Field(
        default=10_000, description="a whole number of milliseconds from 100 to 600000"
    )
    shards: Annotated[int, Field(ge=1, le=1000)] = Field(
        default=1, description="a whole number from 1 to 1000"
    )
    replicas: Annotated[int, Field(ge=0, le=100)] = Field(
        default=1, description="a whole number from 0 to 100"
    )
    refresh_seconds: Annotated[float, Field(ge=1, le=3600)] = Field(
        default=30, description="a number of seconds from 1 to 3600"
    )
    bulk_mb: Annotated[float, Field(ge=0.1, le=100)] = Field(
        default=5, description="a number of megabytes from 0.1 to 100"
    )
    bulk_requests: Annotated[int, Field(ge=1, le=100)] = Field(
        default=3, description="a whole number from 1 to 100"
    )
    post_cache_mb: Annotated[float, Field(ge=1, le=1_000_000)] = Field(
        default=256, description="a number of megabytes from 1 to 1000000"
    )
    fallback: Literal["", "embedded"] = Field(
        default="",
        description='"embedded" for the index on this machine, or "" for none',
    )
    cache_dir: Folder = Field(
        default=Path("build/cluster-cache"), description="the name of a folder"
    )

    @property
    def is_cluster(self) -> bool:
        """Whether a cluster answers."""
        return self.kind == "opensearch"

    @property
    def has_fallback(self) -> bool:
        """Whether the index on this machine answers while the cluster can't."""
        return self.fallback == "embedded"


def conflicts(engine: EngineSettings) -> Iterator[tuple[str, str]]:
    """What does not go together: a key, and the rest of a sentence about it."""
    if not engine.is_cluster:
        return
    if not engine.hosts:
        yield "hosts", 'is missing: with kind "opensearch", list the addresses of the cluster.'
    has_password = bool(engine.password.get_secret_value())
    if has_password and engine.password_file:
        yield "password_file", "is given beside a password: keep one of the two."
    if (has_password or engine.password_file) and not engine.username:
        yield "username", "is missing: say whose the password is."
