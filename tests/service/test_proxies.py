"""Whom a request is from: told by proxies that are trusted, and by nobody else."""

from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from search.service.proxies import ProxiesTrusted

TRUSTED = ["127.0.0.1/32", "10.0.0.0/8", "fd00::/8"]


def seen(peer: str, **headers: str) -> tuple[str, str]:
    """The address and the scheme that an application behind is told."""
    told: list[tuple[str, str]] = []

    def application(environ: WSGIEnvironment, _start: StartResponse) -> Any:
        told.append((environ["REMOTE_ADDR"], environ["wsgi.url_scheme"]))
        return []

    environ = {"REMOTE_ADDR": peer, "wsgi.url_scheme": "http", **headers}
    ProxiesTrusted(application, TRUSTED)(environ, lambda *_: lambda _: None)
    return told[0]


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "client"),
    [
        ("192.0.2.7", "198.51.100.1", "192.0.2.7"),  # not trusted: anybody can say so
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),  # the client made up the first
        ("127.0.0.1", "6.6.6.6, 198.51.100.1, 10.1.2.3", "198.51.100.1"),
        ("10.1.2.3", "10.1.2.4, 10.1.2.5", "10.1.2.4"),
        ("127.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        ("::ffff:127.0.0.1", "[2001:db8::1]:4711", "2001:db8::1"),
        ("fd00::1", "2001:db8::1", "2001:db8::1"),
        ("127.0.0.1", "198.51.100.1, unknown", "127.0.0.1"),
        ("127.0.0.1", "<script>", "127.0.0.1"),
        ("", "198.51.100.1", ""),
    ],
)
def test_the_client_is_the_last_that_no_trusted_proxy_is(
    peer: str, forwarded_for: str, client: str
) -> None:
    assert seen(peer, HTTP_X_FORWARDED_FOR=forwarded_for)[0] == client


@pytest.mark.parametrize(
    ("peer", "told", "scheme"),
    [
        ("127.0.0.1", "https", "https"),
        ("127.0.0.1", "HTTPS", "https"),
        ("127.0.0.1", "javascript", "http"),
        ("192.0.2.7", "https", "http"),
    ],
)
def test_the_scheme_is_told_by_trusted_proxies(peer: str, told: str, scheme: str) -> None:
    assert seen(peer, HTTP_X_FORWARDED_PROTO=told)[1] == scheme
