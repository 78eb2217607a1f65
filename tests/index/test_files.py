"""Which folders have a single post, told as one would look it up."""

from pathlib import Path, PurePosixPath

from hypothesis import given
from hypothesis import strategies as st

from index.files import FoundFile, is_in_post_folder, post_folders
from index.paths import INDEX_NAMES

NAME = st.sampled_from(["index.md", "_index.md", "README.md", "a.md", "b.markdown"])
SOURCE = st.tuples(st.lists(st.sampled_from("xyz"), max_size=3), NAME).map(
    lambda told: "/".join([*told[0], told[1]])
)


def is_alone(source: str, sources: list[str]) -> bool:
    """Whether an index file is all the Markdown in its folder, and below it."""
    folder = PurePosixPath(source).parent
    inside = [each for each in sources if PurePosixPath(each).is_relative_to(folder)]
    return PurePosixPath(source).stem.lower() in INDEX_NAMES and len(inside) == 1


@given(st.lists(SOURCE, unique=True, max_size=12), st.lists(SOURCE, unique=True, max_size=3))
def test_a_post_folder_has_one_file_that_stands_for_it(
    sources: list[str], left_out: list[str]
) -> None:
    read = [source for source in sources if source not in left_out]
    files = [FoundFile(source, Path(source)) for source in read]
    files += [FoundFile(source, Path(source), "hidden file, not read") for source in left_out]
    folders = post_folders(files)
    assert folders == {str(PurePosixPath(each).parent) for each in read if is_alone(each, read)}
    assert all(
        is_in_post_folder(each, folders) == (str(PurePosixPath(each).parent) in folders)
        for each in read
    )
