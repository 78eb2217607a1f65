"""Which posts are one post in several languages.

Two posts of different languages are one if their front matter gives them the same key, or if their
paths, or the names of their files, are the same once each is without its own language's code:
`/de/blog/mail` and `/blog/mail`, `mail.de.md` and `mail.en.md`.
"""

import re
from collections.abc import Callable, Sequence
from pathlib import PurePosixPath
from typing import Final

from index.languages import language_tag
from index.paths import INDEX_NAMES
from index.post import Post

_REGION: Final = r"[-_](?:[a-z]{2}|[0-9]{3}|hans|hant|latn|cyrl)"
_CODE: Final = re.compile(rf"[a-z]{{2,3}}(?:{_REGION})?", re.IGNORECASE)
_SUFFIXES: Final = tuple(
    re.compile(rf"(?<=.)[._-]([a-z]{{2,3}}{region})(?=(?:\.html?)?$)", re.IGNORECASE)
    for region in (_REGION, "")
)
"""A code at the end of a name, with a region and without."""


def find_translations(posts: Sequence[Post]) -> tuple[tuple[int, ...], ...]:
    """The groups of posts that are translations of each other, as places in `posts`, rising.

    No group has two posts of one language, and no post is in two. What front matter says comes
    first: posts to which it gives different keys are not joined by their paths or files. Where two
    posts could be the same language's in a group, the first one is.
    """
    languages = [language_tag(post.lang) for post in posts]
    if len(set(languages)) < 2:
        return ()
    groups = _Groups(posts, languages)
    for key_of in _KEYS:
        first: dict[str, int] = {}
        for at, post in enumerate(posts):
            if key := key_of(post):
                groups.join(first.setdefault(key, at), at)
    return groups.found()


def without_language(place: str, lang: str) -> str:
    """A path or file name without the first segment that is the code of `lang`, or else a suffix.

    `/de/blog/x`, `/blog/de/x` and `/blog/x.de` are `/blog/x` in German, and themselves in French.
    `lang` is as front matter has it; empty for the language of posts that name none.
    """
    segments = place.split("/")
    for at, segment in enumerate(segments):
        if _is_code_of(segment, lang):
            return "/".join([*segments[:at], *segments[at + 1 :]]) or "/"
    for suffix in _SUFFIXES:
        found = suffix.search(segments[-1])
        if found and _is_code_of(found[1], lang):
            bare = segments[-1][: found.start()] + segments[-1][found.end() :]
            return "/".join([*segments[:-1], bare])
    return place


def _is_code_of(text: str, lang: str) -> bool:
    """Whether `text` names the language; where only one of both has a region, any region does."""
    if not _CODE.fullmatch(text):
        return False
    (code, _, region), (own_code, _, own_region) = (
        language_tag(written).partition("-") for written in (text, lang)
    )
    return code == own_code and (region == own_region or not (region and own_region))


def _path_key(post: Post) -> str:
    return without_language(post.path, post.lang)


def _source_key(post: Post) -> str:
    """Where the file stands, but for language, ending, and what only stands for its folder."""
    bare = without_language(str(PurePosixPath(post.source).with_suffix("")), post.lang)
    folder, _, name = bare.rpartition("/")
    return "/" + (folder if name.lower() in INDEX_NAMES else bare).strip("/")


_KEYS: Final[Sequence[Callable[[Post], str]]] = (
    lambda post: post.translation_key,
    _path_key,
    _source_key,
)
"""What translations have in common, the most telling first; empty where a post has none."""


class _Groups:
    """Posts in groups that grow together, as long as nothing speaks against it."""

    def __init__(self, posts: Sequence[Post], languages: Sequence[str]) -> None:
        self._languages = languages
        self._key = [post.translation_key for post in posts]
        self._members = [[at] for at in range(len(posts))]

    def join(self, one: int, other: int) -> None:
        """Makes the groups of two posts one, unless languages meet or their keys differ."""
        members, others = self._members[one], self._members[other]
        if members is others or len({*self._keys_of(members), *self._keys_of(others)}) > 1:
            return
        if {self._languages[at] for at in members} & {self._languages[at] for at in others}:
            return
        members.extend(others)
        for at in others:
            self._members[at] = members

    def found(self) -> tuple[tuple[int, ...], ...]:
        """The groups of more than one, in the order of the first post of each."""
        return tuple(
            tuple(sorted(members))
            for at, members in enumerate(self._members)
            if len(members) > 1 and min(members) == at
        )

    def _keys_of(self, members: Sequence[int]) -> set[str]:
        return {key for at in members if (key := self._key[at])}
