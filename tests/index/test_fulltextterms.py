"""Whoosh's own reader finds every term that was written, and no other."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given, settings
from hypothesis import strategies as st
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.filetables import OrderedHashReader

from index.fulltextterms import TermsWriter

ENTRIES = st.dictionaries(st.binary(min_size=1, max_size=6), st.binary(max_size=5), max_size=400)
MANY = {b"%06d" % number: b"" for number in range(3_000)}
"""So many that some tables are filled past their ends."""


@settings(deadline=None)  # each one writes a file
@given(ENTRIES, st.integers(0, 400), st.binary(min_size=1, max_size=6))
@example(MANY, 1_700, b"1")
def test_reader_finds_every_term_by_key_and_in_order(
    entries: dict[bytes, bytes], first_half: int, other: bytes
) -> None:
    keys = sorted(entries)
    with TemporaryDirectory() as folder:
        storage = FileStorage(folder)
        writer = TermsWriter(storage.create_file("terms"))
        writer.extras["told"] = 7
        for part in (keys[:first_half], keys[first_half:]):
            writer.add_many(part, [entries[key] for key in part])
        writer.close()
        length = (Path(folder) / "terms").stat().st_size
        reader = OrderedHashReader(storage.open_file("terms"), length)
        assert reader.extras["told"] == 7
        assert list(reader.items()) == [(key, entries[key]) for key in keys]
        assert [reader[key] for key in keys] == [entries[key] for key in keys]
        assert (other in reader) == (other in entries)
        assert reader.closest_key(other) == min((key for key in keys if key >= other), default=None)
        reader.close()
