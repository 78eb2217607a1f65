"""Judgments that a site has already made: the links between its posts."""

from collections.abc import Mapping, Sequence

from search.judgments import Qrels


def qrels_of_links(links: Mapping[str, Sequence[str]]) -> Qrels:
    """For each post that has links, or is linked to, the posts at the other end, with grade 1.

    `links` are the paths that each post links to; a link counts in both directions. Sources and
    their posts are in order of path.
    """
    ends: dict[str, set[str]] = {}
    for path, targets in links.items():
        for target in targets:
            ends.setdefault(path, set()).add(target)
            ends.setdefault(target, set()).add(path)
    return {path: dict.fromkeys(sorted(ends[path] - {path}), 1) for path in sorted(ends)}
