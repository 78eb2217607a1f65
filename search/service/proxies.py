"""Whom a request is from, where proxies stand in between."""

import ipaddress
from collections.abc import Iterable
from typing import Any, Final, TypeAlias
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

_SCHEMES: Final = frozenset({"http", "https"})


class ProxiesTrusted:
    """A WSGI application in front of another, to which it tells what trusted proxies have told.

    A request that comes from one of the networks is taken to be from the last address of
    X-Forwarded-For that is in none of them, and to have come by the scheme of X-Forwarded-Proto.
    What others say in these headers counts for nothing: anybody can send them.
    """

    def __init__(self, application: WSGIApplication, networks: Iterable[str]) -> None:
        self._application = application
        self._networks = [ipaddress.ip_network(network) for network in networks]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        """Answers the request."""
        peer = _address(environ.get("REMOTE_ADDR", ""))
        if peer is not None and self._is_trusted(peer):
            environ["REMOTE_ADDR"] = str(self._client(peer, environ))
            scheme = environ.get("HTTP_X_FORWARDED_PROTO", "").strip().lower()
            if scheme in _SCHEMES:
                environ["wsgi.url_scheme"] = scheme
        return self._application(environ, start_response)

    def _client(self, peer: Address, environ: WSGIEnvironment) -> Address:
        """The last address that is no trusted proxy's; what stands before it may be made up."""
        client = peer
        for told in reversed(environ.get("HTTP_X_FORWARDED_FOR", "").split(",")):
            hop = _address(told.strip())
            if hop is None:
                break
            client = hop
            if not self._is_trusted(hop):
                break
        return client

    def _is_trusted(self, address: Address) -> bool:
        return any(address in network for network in self._networks)


def _address(written: str) -> Address | None:
    """An address as proxies write it, perhaps in brackets or with a port; None if it is none."""
    host = written
    if written.startswith("["):
        host = written[1:].partition("]")[0]
    elif written.count(":") == 1:
        host = written.partition(":")[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address
