"""Drafts on the command line: from files and pipes, and what they deserve."""

import os
import threading

import pytest

from tests.cli.conftest import Site

DRAFTED = {
    "content/hedge.md": "---\ntitle: Trimming a tall hedge\ntags: [Green]\n---\nShears.\n",
}


def test_a_draft_can_be_piped_in_or_named_as_a_file(site: Site) -> None:
    site.run("build")
    assert site.json("related", "-", stdin="green carpets")["related"][0]["path"] == "/moss"
    site.write({"draft.txt": "green carpets"})
    assert site.json("related", "draft.txt")["related"][0]["path"] == "/moss"


def test_a_draft_is_told_which_tags_and_links_it_deserves(site: Site) -> None:
    site.write(
        DRAFTED | {"content/lawn.md": "---\ntags: [Green]\n---\n# Mowing a lawn\n\nBlades.\n"}
    )
    site.run("build")
    draft = "---\ntitle: Weeds\n---\n[Blades](/lawn) again, after trimming a tall hedge."
    site.write({"weeds.md": draft})
    found = site.json("related", "weeds.md")
    assert [tag["value"] for tag in found["tags"]] == ["Green"]
    assert [(link["path"], link["text"]) for link in found["links"]] == [
        ("/hedge", "trimming a tall hedge")
    ]
    said = site.run("related", "weeds.md").stdout
    assert "Tags that it deserves:" in said
    assert "[trimming a tall hedge](/hedge)" in said


def test_a_post_named_by_its_file_is_not_led_to_itself(site: Site) -> None:
    site.run("build")
    found = site.json("related", "content/fern.md")
    assert [post["path"] for post in found["related"]] == ["/moss"]
    site.write({"signpost.toml": '[site]\npermalink = "/at/:slug"\n'})
    site.run("build")
    found = site.json("related", "content/fern.md")
    assert [post["path"] for post in found["related"]] == ["/at/moss"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("---\ntitle: [\n---\ngreen carpets", "draft.md:"),
        ("green carpets \ud83e" + "x" * 500_000, "Only the first 100000 characters of draft.md"),
        ("\0\x1b[31m green carpets", ""),
        ("", ""),
    ],
)
def test_a_draft_that_is_odd_is_answered_all_the_same(site: Site, text: str, told: str) -> None:
    site.run("build")
    (site.folder / "draft.md").write_bytes(text.encode(errors="replace"))
    done = site.run("related", "draft.md")
    assert told in done.stderr
    assert "/moss" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr


@pytest.mark.parametrize("name", ["x" * 5_000, "content", "nowhere/\x1b[31m.md"])
def test_what_is_neither_a_path_nor_a_file_is_said_so(site: Site, name: str) -> None:
    site.run("build")
    said = site.run("related", name, code=2).stderr
    assert said.startswith("signpost: There is no post at ")
    assert "\x1b" not in said


def test_a_name_that_is_neither_a_post_nor_a_file_is_told_so(site: Site) -> None:
    site.run("build")
    for name in ("drfat.md", "/mos", "content", "x" * 5_000):
        done = site.run("related", name, code=2)
        assert f"There is no post at {name[:200]}" in done.stderr
        assert ", and no file of that name." in done.stderr
    assert "Nearest known: /moss." in site.run("related", "/mos", code=2).stderr


def test_a_draft_may_come_through_a_named_pipe(site: Site) -> None:
    site.run("build")
    os.mkfifo(site.folder / "pipe")
    writer = threading.Thread(target=(site.folder / "pipe").write_text, args=("green carpets",))
    writer.start()
    assert site.json("related", "pipe")["related"][0]["path"] == "/moss"
    writer.join()


def test_a_post_takes_three_lines_where_nobody_sets_their_width(site: Site) -> None:
    words = [f"wordofmanyletters{n}" for n in range(9)]
    posts = {f"content/{n}.md": f"---\ntitle: {' '.join(words)}\n---\n{n}\n" for n in range(3)}
    site.write(posts)
    site.run("build")
    lines = site.run("related", "/0", "--limit", "2").stdout.splitlines()
    assert [line.lstrip()[:1] for line in lines[:4:3]] == ["1", "2"]
    assert len(lines) == 6
