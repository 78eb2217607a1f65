"""A site as the benchmark has it: every way answers with the numbers of the same posts."""

from pathlib import Path

import pytest

from bench.related_site import COSINE, MORE_LIKE_THIS, SIGNPOST, RelatedSite

POSTS = {
    "pruning": "Pruning apple trees in winter keeps apple trees healthy.",
    "grafting": "Grafting apple trees in winter takes a sharp knife.",
    "harbors": "Harbors silt up. A harbor is dredged each spring.",
}


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    folder.mkdir()
    for name, text in POSTS.items():
        draft = "true" if name == "grafting" else "false"
        page = f"---\ntitle: {name}\ndraft: {draft}\n---\n{text}\n"
        (folder / f"{name}.md").write_text(page, encoding="utf-8")
    return folder


def test_every_way_answers_with_numbers_of_posts(content: Path, tmp_path: Path) -> None:
    site = RelatedSite(content, tmp_path / "index")
    assert list(site.docnums) == ["/grafting", "/harbors", "/pruning"]  # drafts are judged as well
    lists = {name: list(related(2, 2)) for name, related in site.ways().items()}
    assert lists[SIGNPOST] == [0, 1]  # and never too short
    assert lists[COSINE] == [0]
    assert lists[MORE_LIKE_THIS] == []  # no term is in five posts


def test_an_index_is_reused_but_not_one_of_other_posts(content: Path, tmp_path: Path) -> None:
    built = RelatedSite(content, tmp_path / "index")
    again = RelatedSite(content, tmp_path / "index")
    assert again.engine.status().generation == built.engine.status().generation
    (content / "harbors.md").unlink()
    with pytest.raises(ValueError, match=r"has 3 posts.*has 2"):
        RelatedSite(content, tmp_path / "index")
