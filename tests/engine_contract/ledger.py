"""The site of many posts: generated, so that what a search has to find can be counted by hand."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

POSTS: Final = 200
SHIPS: Final = "brig cutter dhow galleon ketch schooner sloop".split()
CARGOES: Final = "barley copper indigo molasses pepper quinine saffron tallow walnuts".split()
PORTS: Final = ("Antwerp", "Bergen", "Cadiz", "Dover", "Emden")
CLERKS: Final = ("Ann", "Bo", "Cy")


@dataclass(frozen=True)
class Entry:
    """One post of the ledger: a ship with a cargo, in a port on a day, written down by a clerk."""

    number: int

    @property
    def path(self) -> str:
        return f"/entry-{self.number:03}"

    @property
    def ship(self) -> str:
        return SHIPS[self.number % len(SHIPS)]

    @property
    def cargo(self) -> str:
        return CARGOES[self.number % len(CARGOES)]

    @property
    def port(self) -> str:
        return PORTS[self.number % len(PORTS)]

    @property
    def clerk(self) -> str:
        return CLERKS[self.number % len(CLERKS)]

    @property
    def day(self) -> date | None:
        """The date; every tenth entry has none, and no two entries have the same."""
        if self.number % 10 == 9:
            return None
        return date(2010, 1, 1) + timedelta(days=17 * (self.number * 73 % POSTS))

    @property
    def tags(self) -> tuple[str, ...]:
        """The kind of ship, and one tag that no other entry has."""
        return (self.ship.title(), f"Entry {self.number:03}")

    @property
    def text(self) -> str:
        anchors = "It lay at anchorage." if self.number % 2 == 0 else ""
        misspelt = "It lay at anchorege." if self.number == 101 else ""
        return f"A {self.ship} brought {self.cargo}. {anchors}{misspelt}"

    @property
    def file(self) -> str:
        dated = f"date: {self.day}\n" if self.day else ""
        return (
            f"---\ntitle: Record {self.number}\n{dated}tags: [{', '.join(self.tags)}]\n"
            f"categories: [{self.port}]\nauthors: [{self.clerk}]\n---\n{self.text}\n"
        )


ENTRIES: Final = tuple(map(Entry, range(POSTS)))
LEDGER: Final = {f"{entry.path[1:]}.md": entry.file for entry in ENTRIES}
