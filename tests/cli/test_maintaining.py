"""`signpost status`, `verify` and `prune`, and what is said where generations are damaged."""

from pathlib import Path

import pytest

from index.build import build_index
from tests.cli.conftest import Site


@pytest.fixture
def names(site: Site) -> list[str]:
    """Three generations, the newest first."""
    index_dir = site.folder / "build" / "index"
    return [build_index(site.folder / "content", index_dir).generation for _ in range(3)][::-1]


def generation(site: Site, name: str) -> Path:
    return site.folder / "build" / "index" / "generations" / name


def damage(site: Site, name: str, file: str = "documents.sqlite") -> None:
    (generation(site, name) / file).write_bytes(b"not what was written")


def test_status_tells_which_generations_there_are(site: Site, names: list[str]) -> None:
    told = site.json("status")
    assert (told["generation"], told["posts"], told["is_fallback"]) == (names[0], 2, False)
    assert [entry["generation"] for entry in told["generations"]] == names
    assert [entry["is_current"] for entry in told["generations"]] == [True, False, False]
    assert all(entry["posts"] == 2 for entry in told["generations"])
    assert all(entry["size_bytes"] > 10_000 for entry in told["generations"])
    shown = site.run("status").stdout.splitlines()
    listed = [line.split()[0] for line in shown[shown.index("") + 2 :]]
    assert listed == names
    assert [line.endswith("published") for line in shown[-3:]] == [True, False, False]


def test_whole_generations_are_verified(site: Site, names: list[str]) -> None:
    told = site.json("verify")
    assert (told["current"], told["is_sound"], told["error"]) == (names[0], True, None)
    assert [(entry["generation"], entry["state"]) for entry in told["generations"]] == [
        (name, "whole") for name in names
    ]
    assert site.run("verify").stdout.splitlines() == [
        f"{names[0]}  published, whole",
        f"{names[1]}  whole",
        f"{names[2]}  whole",
    ]


def test_verify_names_the_damaged_files_of_each_generation(site: Site, names: list[str]) -> None:
    damage(site, names[1])
    damage(site, names[1], "columns/boosts.npy")
    (generation(site, names[2]) / "manifest.json").unlink()
    told = site.json("verify", code=3)
    assert not told["is_sound"]
    assert [entry["damage"] for entry in told["generations"]] == [
        [],
        [
            {"file": "columns/boosts.npy", "reason": "is not what was written"},
            {"file": "documents.sqlite", "reason": "is not what was written"},
        ],
        [
            {
                "file": "manifest.json",
                "reason": "can't be read (No such file or directory)",
            }
        ],
    ]
    said = site.run("verify", code=3)
    assert f"{names[1]}/documents.sqlite is not what was written" in said.stderr
    assert "The published generation is whole." in said.stderr
    damage(site, names[0])
    assert "Rebuild it: signpost build --index build/index" in site.run("verify", code=3).stderr


def test_verify_says_where_the_pointer_leads_nowhere(site: Site, names: list[str]) -> None:
    (site.folder / "build" / "index" / "CURRENT").write_text("nowhere\n")
    told = site.json("verify", code=3)
    assert told["current"] is None
    assert told["error"] == "CURRENT names nowhere, and there is no such generation."
    assert [entry["state"] for entry in told["generations"]] == ["whole"] * len(names)
    assert "CURRENT names nowhere" in site.run("verify", code=3).stderr


@pytest.mark.parametrize("command", ["status", "verify", "prune"])
def test_without_an_index_each_says_how_to_make_one(site: Site, command: str) -> None:
    said = "There is no index in build/index. Make one: signpost build --index build/index"
    assert site.json(command, code=3) == {"error": said}
    assert not (site.folder / "build").exists()


def test_answers_come_from_another_generation_and_standard_error_says_so(
    site: Site, names: list[str]
) -> None:
    damage(site, names[0])
    for command in (["search", "green"], ["related", "/fern"]):
        said = site.run(*command)
        assert f"signpost: Answering from {names[1]}, made at " in said.stderr
        assert f"{names[0]}/documents.sqlite is not what was written." in said.stderr
        assert said.stderr.count("signpost:") == 1
        assert site.json(*command)["generation"] == names[1]
    told = site.json("status", code=3)
    assert (told["generation"], told["is_fallback"]) == (names[1], True)
    assert site.json("build")["posts"] == 2
    assert site.run("search", "green").stderr == ""


def test_prune_removes_what_is_old_and_says_what_stays(site: Site, names: list[str]) -> None:
    assert site.json("prune") == {
        "removed": [],
        "kept": names,
        "in_use": [],
        "freed_bytes": 0,
    }
    site.write({"signpost.toml": "[index]\nkeep_generations = 2\n"})
    size = site.json("status")["generations"][2]["size_bytes"]
    assert site.json("prune") == {
        "removed": names[2:],
        "kept": names[:2],
        "in_use": [],
        "freed_bytes": size,
    }
    site.write({"signpost.toml": "[index]\nkeep_generations = 1\n"})
    assert site.run("prune").stdout.startswith("Removed 1 generation: ")
    assert site.json("search", "green")["generation"] == names[0]


def test_prune_removes_nothing_while_what_is_published_is_damaged(
    site: Site, names: list[str]
) -> None:
    site.write({"signpost.toml": "[index]\nkeep_generations = 1\n"})
    damage(site, names[0])
    assert "Rebuild it: signpost build" in site.run("prune", code=3).stderr
    assert site.json("search", "green")["generation"] == names[1]


def test_a_build_keeps_as_many_as_the_settings_say(site: Site, names: list[str]) -> None:
    site.write({"signpost.toml": "[index]\nkeep_generations = 2\n"})
    last = site.json("build", "--full")["generation"]
    kept = [entry["generation"] for entry in site.json("status")["generations"]]
    assert kept == [last, names[0]]


def test_a_fall_in_the_number_of_posts_is_refused_unless_it_is_allowed(site: Site) -> None:
    site.write(
        {f"content/{number}.md": f"---\ntitle: {number}\n---\nGreen." for number in range(8)}
    )
    before = build_index(site.folder / "content", site.folder / "build" / "index").generation
    for number in range(8):
        (site.folder / "content" / f"{number}.md").unlink()
    refused = site.run("build", code=3)
    assert "has 10 posts, and now there are 2: more than 50% of them are gone." in refused.stderr
    assert "signpost build --allow-shrink" in refused.stderr
    assert site.json("status")["generation"] == before
    assert site.json("build", "--allow-shrink")["posts"] == 2


def test_what_may_go_is_a_setting(site: Site) -> None:
    site.write({"signpost.toml": "[index]\nmax_shrink = 0\n"})
    build_index(site.folder / "content", site.folder / "build" / "index")
    (site.folder / "content" / "moss.md").unlink()
    assert "more than 0% of them" in site.run("build", code=3).stderr
    site.write({"signpost.toml": "[index]\nmax_shrink = 1\n"})
    assert site.json("build")["posts"] == 1
