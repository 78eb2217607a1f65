"""What an object knows, as named arrays that can be kept in a file; strings are bytes of UTF-8."""

from collections.abc import Iterable, Mapping
from itertools import chain, islice
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

State: TypeAlias = Mapping[str, npt.NDArray[Any]]


def prefixed(name: str, state: State) -> dict[str, npt.NDArray[Any]]:
    """The state of a part, among that of the whole."""
    return {f"{name}.{key}": values for key, values in state.items()}


def part(name: str, state: State) -> State:
    """The state of the part that `prefixed` was given."""
    start = f"{name}."
    return {
        key.removeprefix(start): values for key, values in state.items() if key.startswith(start)
    }


def from_strings(strings: Iterable[str]) -> npt.NDArray[np.uint8]:
    """Strings that have no line feed, as an array."""
    return np.frombuffer(joined(strings), np.uint8)


def to_strings(values: npt.NDArray[Any]) -> list[str]:
    """The strings that `from_strings` made an array of."""
    return parted(values.tobytes())


def from_numberings(numberings: Mapping[str, Mapping[str, int]]) -> dict[str, npt.NDArray[Any]]:
    """Numbers of strings that have no line feed, several times over, by a name."""
    numbers = [number for strings in numberings.values() for number in strings.values()]
    return {
        "names": from_strings(numberings),
        "counts": np.array([len(strings) for strings in numberings.values()], np.int64),
        "strings": from_strings(chain.from_iterable(numberings.values())),
        "numbers": np.array(numbers, np.int64),
    }


def to_numberings(state: State) -> dict[str, dict[str, int]]:
    """The numbers that `from_numberings` made arrays of."""
    strings = zip(to_strings(state["strings"]), state["numbers"].tolist(), strict=True)
    counts = zip(to_strings(state["names"]), state["counts"].tolist(), strict=True)
    return {name: dict(islice(strings, count)) for name, count in counts}


def joined(strings: Iterable[str]) -> bytes:
    """Strings that have no line feed, as bytes: each is followed by one."""
    return "\n".join([*strings, ""]).encode(errors="surrogatepass")


def parted(data: bytes) -> list[str]:
    """The strings that `joined` made bytes of."""
    return data.decode(errors="surrogatepass").split("\n")[:-1]
