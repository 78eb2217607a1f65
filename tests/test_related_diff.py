"""What changed since an earlier export, and files that are none."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.errors import ExportError
from search.related_diff import compare, read_export


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "it is not JSON"),
        ("[1]", "it is no JSON object"),
        ('{"/a": 1}', "what it has for /a is no related list"),
        ('{"/a": [{"title": "x"}]}', "what it has for /a is no related list"),
        (
            '{"/a": [{"path": "/b"}, {"path": "/b"}]}',
            "the list that it has for /a names a post twice",
        ),
    ],
)
def test_what_is_no_export_is_told_with_the_file(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "old.json"
    file.write_text(text)
    with pytest.raises(ExportError, match=f"old.json is no export of related lists: {told}"):
        read_export(file)


def test_a_folder_without_lists_or_with_other_files_is_no_export(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"no \.json files"):
        read_export(tmp_path)
    (tmp_path / "package.json").write_text('{"name": "site"}')
    with pytest.raises(ExportError, match='it has no "path"'):
        read_export(tmp_path)


def test_a_list_that_two_files_have_is_told(tmp_path: Path) -> None:
    for name in ("a.json", "copy.json"):
        (tmp_path / name).write_text('{"path": "/a", "related": []}')
    with pytest.raises(ExportError, match=r"copy\.json .* another file has the list of /a too"):
        read_export(tmp_path)


paths = st.lists(st.sampled_from("abcdef"), unique=True)


@given(
    st.dictionaries(st.sampled_from("pqr"), paths), st.dictionaries(st.sampled_from("pqr"), paths)
)
def test_a_diff_accounts_for_every_list_and_every_place(
    old: dict[str, list[str]], new: dict[str, list[str]]
) -> None:
    diff = compare(old, new)
    changed = {change.path for change in diff.changed}
    assert len(diff.new) + len(changed) + diff.unchanged == len(new)
    assert len(diff.gone) + len(changed) + diff.unchanged == len(old)
    assert changed == {path for path in old.keys() & new.keys() if old[path] != new[path]}
    for change in diff.changed:
        assert set(old[change.path]) - set(change.left) | set(change.entered) == set(
            new[change.path]
        )
        assert change.entered or change.left or change.moved
