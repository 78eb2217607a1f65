"""A site that changes from one build to the next, a few of its posts at a time."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from index.build import build_index
from index.buildoptions import BuildOptions
from index.generation import current_name, directory_of

POSTS: Final = 700

_TERMS: Final = [
    f"{start}{middle}{end}" for start in "bdfglmnprt" for middle in "aeiou" for end in "mnrk"
]


class ChangingSite:
    """Posts that are built again after every change; all generations stay."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._chance = random.Random(8)
        for number in range(POSTS):
            self.write(f"{number:03}.md", self.text(number))
        for language in ("en", "de"):
            head = f"title: Moor\nlang: {language}\ntranslation_key: moor\n"
            self.write(f"{language}/moor.md", f"---\n{head}---\nMoor {language}.\n")
        for part in (1, 2):
            self.write(f"soil-{part}.md", f"---\ntitle: Soil, part {part}\nseries: Soil\n---\nS.\n")

    def text(self, number: int) -> str:
        """A post of some words."""
        about = self._chance.sample(_TERMS, 30)
        half = number % 7
        return (
            f"---\ntitle: {about[0]} {about[1]} {number}\ntags: [{_TERMS[number % 5]}]\n"
            f"date: 2024-01-{number % 28 + 1:02}\n---\n{' '.join(about)} word{number}.\n\n"
            f"## {about[half]}\n\n{' '.join(about[half:20])}\n"
        )

    def write(self, name: str, text: str) -> None:
        """Writes a post."""
        file = self._folder / "posts" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def replace(self, name: str, old: str, new: str) -> None:
        """Changes a text in a post that has it."""
        text = (self._folder / "posts" / name).read_text("utf-8")
        assert old in text
        self.write(name, text.replace(old, new))

    def remove(self, name: str) -> None:
        """Removes a post."""
        (self._folder / "posts" / name).unlink()

    def build(self) -> Path:
        """The folder of a new generation."""
        index_dir = self._folder / "index"
        build_index(
            self._folder / "posts", index_dir, BuildOptions(keep_generations=100, processes=1)
        )
        return directory_of(index_dir, current_name(index_dir))


def _change_words(site: ChangingSite) -> None:
    site.write("017.md", site.text(17))
    site.replace("018.md", "word18", "word18 and something else")


def _add_and_remove(site: ChangingSite) -> None:
    site.write("000a.md", site.text(7_000))
    site.remove("250.md")


def _group(site: ChangingSite) -> None:
    """A series and a translation that come before those that there are."""
    for part, name in enumerate(("020.md", "021.md"), 1):
        site.replace(name, "title:", f"series: Clay\nseries_part: {part}\ntitle:")
    for language, name in (("en", "030.md"), ("de", "031.md")):
        site.replace(name, "title:", f"lang: {language}\ntranslation_key: peat\ntitle:")


def _name(site: ChangingSite) -> None:
    site.replace("040.md", "title:", "aliases: [/forty]\nsearch: {pin: [forty], boost: 2}\ntitle:")
    site.replace("041.md", "date: 2024-01-14\n", "featured: true\n")
    site.replace("042.md", "tags: [", "tags: [Heather, ")


def _move_names(site: ChangingSite) -> None:
    """What one post has had, another one has; and what two were, they are no more."""
    site.replace("040.md", "aliases: [/forty]\n", "")
    site.replace("043.md", "title:", "aliases: [/forty]\ntitle:")
    site.remove("soil-1.md")


def _edit_at_random(site: ChangingSite) -> None:
    chance = random.Random(9)
    numbers = chance.sample(range(100, POSTS), 6)
    for number in numbers[:2]:
        site.write(f"{number:03}.md", site.text(number))
    for number in numbers[2:4]:
        site.remove(f"{number:03}.md")
    for number in numbers[4:]:
        site.write(f"{chance.choice(_TERMS)}/{number}.md", site.text(number))


_CHANGES: Final[tuple[Callable[[ChangingSite], None], ...]] = (
    _change_words,
    _add_and_remove,
    _group,
    _name,
    _move_names,
    _edit_at_random,
)


def generations(folder: Path) -> Iterator[Path]:
    """The folders of the generations before and after each of some changes."""
    site = ChangingSite(folder)
    yield site.build()
    for change in _CHANGES:
        change(site)
        yield site.build()
