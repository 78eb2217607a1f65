"""What single values of the settings may be: addresses, languages, limits and folders.

Each function gives the value as it is used, and raises ValueError for one that will not do.
"""

import ipaddress
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import SplitResult, urlsplit

import limits

from search.related_tuning import RELATED_WEIGHTS

MAX_ALIAS_BYTES: Final = 200
"""OpenSearch takes 255 for an index, which is named by the alias and a generation."""

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_URL = re.compile(r"[!-~]+")
_LANGUAGE_TAG = re.compile(r"[^\W\d_]{2,}(?:[-_][^\W_]+)*")
_NOT_IN_ALIASES = re.compile(r'^[-_+.]|[\\/*?"<>|,#:\s]')
_HOST = re.compile(r"[a-z0-9_.-]+|[0-9a-f:.]+", re.IGNORECASE)


def _split_url(url: str) -> SplitResult:
    """The parts of an http or https URL without credentials; ValueError for anything else."""
    parts = urlsplit(url)
    is_sound = (
        _URL.fullmatch(url)
        and parts.scheme in _DEFAULT_PORTS
        and _HOST.fullmatch(parts.hostname or "")
        and "@" not in parts.netloc
        and parts.port != 0
    )
    if not is_sound:
        raise ValueError(url)
    return parts


def base_url(url: str) -> str:
    """An address that urls start with, without a slash at its end; or none."""
    if url:
        parts = _split_url(url)
        if "?" in url or "#" in url or re.search(r'["<>\\^`{|}]', parts.path):
            raise ValueError(url)
    return url.rstrip("/")


def origin(written: str) -> str:
    """The origin as browsers send it: lower case, and no port where it is the usual one."""
    if written == "*":
        return written
    parts = _split_url(written)
    if written.lower() != f"{parts.scheme}://{parts.netloc}".lower():
        raise ValueError(written)
    return written.lower().removesuffix(f":{_DEFAULT_PORTS[parts.scheme]}")


def host_address(url: str) -> str:
    """The address of a node of a cluster, without a slash at its end."""
    if not url:
        raise ValueError(url)
    return base_url(url)


def index_alias(name: str) -> str:
    """A name that OpenSearch accepts for an index, and that leaves room for a generation's."""
    is_sound = (
        name.isprintable()
        and name == name.lower()
        and not _NOT_IN_ALIASES.search(name)
        and 0 < len(name.encode(errors="replace")) <= MAX_ALIAS_BYTES
    )
    if not is_sound:
        raise ValueError(name)
    return name


def language(tag: str) -> str:
    """Any tag of the usual form; a language without a stemmer is as good as one that has it."""
    if not _LANGUAGE_TAG.fullmatch(tag):
        raise ValueError(tag)
    return tag


def rate_limit(text: str) -> str:
    """One or more limits in the words of the `limits` library; or none."""
    if text and not all(one.amount and one.multiples for one in limits.parse_many(text)):
        raise ValueError(text)
    return text.strip()


def network(written: str) -> str:
    """An IP address, or a network as `10.0.0.0/8`."""
    return str(ipaddress.ip_network(written))


def related_weights(given: dict[str, float]) -> dict[str, float]:
    """All weights of related lists, those that are not given as they are by default."""
    weights = dict(RELATED_WEIGHTS) | given
    if len(weights) > len(RELATED_WEIGHTS) or not any(weights.values()):
        raise ValueError(given)
    return weights


def patterns_by_folder(given: object) -> object:
    """A table of folders with lists of patterns; a single pattern is a list of one."""
    if not isinstance(given, Mapping):
        return given
    return {name: (value,) if isinstance(value, str) else value for name, value in given.items()}


def folder(name: object) -> object:
    """The name of a folder; the empty one is most likely a slip."""
    if name == "" or "\0" in str(name):
        raise ValueError(name)
    return name


def file_name(name: str) -> str:
    """The name of a file, or none."""
    if "\0" in name:
        raise ValueError(name)
    return name
