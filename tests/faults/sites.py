"""A site whose every post bears the same mark, so that a mixed answer shows."""

from pathlib import Path

from search import Engine

POSTS = 40


def write_posts(folder: Path, mark: str, posts: int = POSTS) -> Path:
    """The folder, with posts that bear the mark in title, tag and text; more than before go."""
    folder.mkdir(exist_ok=True)
    for file in folder.iterdir():
        file.unlink()
    for number in range(posts):
        text = (
            f"---\ntitle: Post {number} {mark}\ntags: [{mark}]\n---\n"
            f"Lantern {mark} {number}. " + "common words again " * 50
        )
        (folder / f"{number}.md").write_text(text, encoding="utf-8")
    return folder


def mark_of(engine: Engine, posts: int = POSTS) -> str:
    """The mark of the posts, once it is sure that all answers have it, and no other."""
    found = engine.search("lantern", limit=100)
    (mark,) = {tag for hit in found.hits for tag in hit.tags}
    assert found.total == len(found.hits) == posts
    assert all(hit.title.endswith(f" {mark}") for hit in found.hits)
    assert all(f" {mark} " in hit.snippet_html for hit in found.hits)
    related = engine.related("/7").related
    assert related
    assert all(post.title.endswith(f" {mark}") for post in related)
    return mark
