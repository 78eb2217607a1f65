"""The list of all settings in the guide: what the program has, and nothing else."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.settings import KEYS, Settings, load_settings
from search.settings_reference import (
    BEGIN,
    END,
    MEANINGS,
    PAGE,
    reference,
    toml_value,
    with_reference,
)

ROOT = Path(__file__).resolve().parents[1]

TEXTS = st.text(st.characters(codec="utf-8"))
VALUES = st.recursive(
    TEXTS
    | st.integers(-(2**63), 2**63 - 1)
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=8,
)


def test_the_page_of_the_guide_is_what_the_program_gives() -> None:
    page = (ROOT / PAGE).read_text(encoding="utf-8")
    assert page == with_reference(page), "run: python -m search.settings_reference"
    assert "\n### " in page


def test_every_key_is_listed_with_all_that_there_is_to_know() -> None:
    text = reference()
    for key in KEYS:
        (part,) = re.findall(
            rf"^### `{re.escape(key.in_file)}`\n(.*?)(?=^##|\Z)", text, re.MULTILINE | re.DOTALL
        )
        assert f"\n- Environment variable: `{key.variable}`" in part
        assert key.takes in part.replace("`", "")
        for fact in ("Type: ", "Takes ", "Default: `"):
            assert part.count(f"\n- {fact}") == 1, key
        assert f"\n{MEANINGS[f'{key.section}.{key.name}']}\n" in part
    assert len(re.findall(r"^### ", text, re.MULTILINE)) == len(KEYS) == len(MEANINGS)


def test_the_defaults_as_they_are_listed_are_those_that_hold(tmp_path: Path) -> None:
    blocks = re.findall(r"^```toml\n(.*?)^```$", reference(), re.MULTILINE | re.DOTALL)
    file = tmp_path / "signpost.toml"
    file.write_text("\n".join(blocks), encoding="utf-8")
    assert load_settings(file, environ={}) == Settings()
    listed = tomllib.loads(file.read_text(encoding="utf-8"))
    assert [(section, name) for section, keys in listed.items() for name in keys] == [
        (key.section, key.name) for key in KEYS if not key.is_secret
    ]


@given(VALUES)
def test_a_default_is_written_as_toml_reads_it(value: Any) -> None:
    assert tomllib.loads(f"value = {toml_value(value)}")["value"] == value


def test_what_stands_around_the_list_stays() -> None:
    page = f"Before.\n\n{BEGIN}\noutdated\n{END}\n\nAfter.\n"
    made = with_reference(page)
    assert made.startswith(f"Before.\n\n{BEGIN}\n\n## [site]\n")
    assert made.endswith(f"\n\n{END}\n\nAfter.\n")
    assert "outdated" not in made
    assert with_reference(made) == made


@pytest.mark.parametrize("page", ["", "No marks.", BEGIN, END, f"{END}\n{BEGIN}"])
def test_a_page_without_the_marks_is_refused(page: str) -> None:
    with pytest.raises(ValueError, match="needs the lines"):
        with_reference(page)
