"""The documents of a generation, beside what is read of its files in the slow obvious way."""

import json
import sqlite3
from base64 import b64decode
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from index.analysis import fold
from index.blocks import BLOCKS
from index.keys import pin_key, title_key
from index.layout import FIELD_NUMBERS, UNDATED
from index.opensearch import documents, generationfiles, postterms
from index.opensearch.documents import Document
from index.opensearch.layout import (
    BLOCK_LETTERS,
    LABELS,
    TERM_SCALE,
    document_id,
    term_keys,
    unpack,
)
from tests.index.opensearch.sent import all_documents

Fields = dict[str, Any]


class Local:
    """A generation, read whole."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.terms = self.strings("matrix/terms")
        self.unit_starts = self.array("matrix/unit_starts").tolist()
        self.first_units = self.array("matrix/first_units").tolist()
        self.database = sqlite3.connect(directory / "documents.sqlite")
        starts, uses = self.array("matrix/use_starts"), self.array("matrix/uses")
        self.terms_at: dict[int, list[str]] = defaultdict(list)
        for number, term in enumerate(self.terms):
            for position in uses[starts[number] : starts[number + 1]].tolist():
                self.terms_at[position].append(term)

    def array(self, name: str) -> npt.NDArray[Any]:
        loaded: npt.NDArray[Any] = np.load(self.directory / f"{name}.npy")
        return loaded

    def strings(self, name: str) -> list[str]:
        return self.array(f"{name}.bytes").tobytes().decode().split("\n")[:-1]

    def mostly_small(self, name: str) -> list[int]:
        numbers: list[int] = self.array(name).tolist()
        large = zip(self.array(f"{name}.places"), self.array(f"{name}.large"), strict=True)
        for place, number in large:
            numbers[place] = int(number)
        return numbers

    def stored(self, doc: int) -> Fields:
        (text,) = self.database.execute(
            "SELECT fields FROM documents WHERE docnum = ?", (doc,)
        ).fetchone()
        fields: Fields = json.loads(text)
        return fields

    def units(self, doc: int) -> range:
        return range(self.first_units[doc], self.first_units[doc + 1])

    def positions(self, doc: int) -> range:
        units = self.units(doc)
        return range(self.unit_starts[units.start], self.unit_starts[units.stop])


@pytest.fixture(scope="module")
def local(generation: Path) -> Local:
    return Local(generation)


@pytest.fixture(scope="module")
def sent(generation: Path) -> list[Fields]:
    return [json.loads(document.body) for document in all_documents(generation)]


def record(fields: Fields, name: str) -> dict[str, npt.NDArray[Any]]:
    return unpack(b64decode(fields[name]))


def test_fields_that_are_stored(local: Local, sent: list[Fields]) -> None:
    paths = [fields["path"] for fields in sent]
    assert len(paths) == len(local.first_units) - 1
    for doc, fields in enumerate(sent):
        stored = local.stored(doc)
        assert fields["kind"] == "post"
        assert json.loads(b64decode(fields["fields"])) == stored
        assert fields["path"] == stored["path"]
        assert fields["linked"] == stored["links"]
        assert fields["title_key"] == title_key(stored["title"])
        assert sorted(fields["pins"]) == sorted({pin_key(query) for query in stored["pin"]})
    assert sent[paths.index("/kube-proxy")]["linked"] == ["/garden"]
    assert sent[paths.index("/kube-proxy")]["pins"] == ["kube proxy", "proxy tuning"]
    assert sent[paths.index("/kube-proxy")]["aliases"] == ["/old/proxy", "/proxy"]


def test_columns(local: Local, sent: list[Fields]) -> None:
    series, parts = local.array("columns/series.of"), local.array("columns/series.parts")
    translations = local.array("columns/translations.of")
    timestamps, boosts = local.array("columns/timestamps"), local.array("columns/boosts")
    for doc, fields in enumerate(sent):
        undated = timestamps[doc] == UNDATED
        assert fields.get("timestamp") == (None if undated else timestamps[doc])
        assert fields["boost"] == boosts[doc]
        assert fields["popular"] == bool(local.array("columns/is_popular")[doc])
        assert fields.get("series") == (str(series[doc]) if series[doc] >= 0 else None)
        assert fields.get("series_part") == (parts[doc] if series[doc] >= 0 else None)
        group = translations[doc]
        assert fields.get("translation") == (str(group) if group >= 0 else None)
    assert {fields.get("series") for fields in sent} == {None, "0"}
    assert {fields.get("translation") for fields in sent} == {None, "0"}


@pytest.mark.parametrize("label", LABELS)
def test_labels(label: str, local: Local, sent: list[Fields]) -> None:
    keys, values = local.strings(f"columns/{label}.keys"), local.strings(f"columns/{label}.values")
    starts, docs = local.array(f"columns/{label}.starts"), local.array(f"columns/{label}.docs")
    assert keys == [fold(value) for value in values]
    for doc, fields in enumerate(sent):
        having = [n for n in range(len(keys)) if doc in docs[starts[n] : starts[n + 1]]]
        told = fields.get(label, {"key": [], "listed": []})
        assert told["key"] == [keys[n] for n in having]
        assert told["listed"] == [f"{keys[n]}\n{values[n]}" for n in having]
    assert any(label in fields for fields in sent)


def test_terms_and_rows(local: Local, sent: list[Fields]) -> None:
    unit_weights = local.array("matrix/use_weights").tolist()
    for doc, fields in enumerate(sent):
        weights: dict[str, float] = defaultdict(float)
        row, title = [], []
        for unit in local.units(doc):
            for position in range(local.unit_starts[unit], local.unit_starts[unit + 1]):
                terms = local.terms_at.get(position, [])
                row.append("/".join(sorted(terms)) or "!")
                for term in terms:
                    weights[term] += unit_weights[unit]
                if unit == local.first_units[doc]:
                    title += terms
        assert fields["row"].split("|") == row
        title_unit = local.first_units[doc]
        length = local.unit_starts[title_unit + 1] - local.unit_starts[title_unit]
        assert fields["title_row"].split("|") == row[:length]
        assert fields["title_terms"] == "|".join(sorted(set(title)))
        told = dict(token.split("=") for token in fields["terms"].split("|") if token)
        assert told.keys() == weights.keys()
        for term, weight in weights.items():
            assert abs(int(told[term]) - weight * TERM_SCALE) < 1


def test_record_of_uses(local: Local, sent: list[Fields]) -> None:
    fields_of_units = local.array("matrix/unit_fields")
    for doc, fields in enumerate(sent):
        uses, units, positions = record(fields, "uses"), local.units(doc), local.positions(doc)
        places: dict[str, list[int]] = defaultdict(list)
        for position in positions:
            for term in local.terms_at.get(position, []):
                places[term].append(position - positions.start)
        keys = {int(term_keys([term])[0]): at for term, at in places.items()}
        assert uses["keys"].tolist() == sorted(keys)
        for n, key in enumerate(sorted(keys)):
            found = uses["positions"][uses["starts"][n] : uses["starts"][n + 1]]
            assert found.tolist() == keys[key]
        starts = local.unit_starts[units.start : units.stop + 1]
        assert uses["unit_starts"].tolist() == [start - positions.start for start in starts]
        assert uses["unit_fields"].tolist() == fields_of_units[units].tolist()
        assert uses["unit_fields"][0] == FIELD_NUMBERS["title"]
        weights = local.array("matrix/use_weights")[units]
        assert uses["use_weights"].tolist() == weights.tolist()
        assert uses["keys"].dtype.str == "<u8"


def test_record_of_texts(local: Local, sent: list[Fields]) -> None:
    data = (local.directory / "texts" / "texts.bin").read_bytes()
    text_starts = local.array("texts/text_starts").tolist()
    word_starts = local.mostly_small("texts/word_starts")
    word_bytes = local.mostly_small("texts/word_bytes")
    anchors, firsts = local.strings("texts/anchors"), local.array("texts/first_sections").tolist()
    for doc, fields in enumerate(sent):
        texts, units, positions = record(fields, "texts"), local.units(doc), local.positions(doc)
        starts = text_starts[units.start : units.stop + 1]
        assert texts["text"].tobytes() == data[starts[0] : starts[-1]]
        assert texts["text_starts"].tolist() == [start - starts[0] for start in starts]
        here = slice(positions.start, positions.stop)
        assert texts["word_starts"].tolist() == word_starts[here]
        assert texts["word_bytes"].tolist() == word_bytes[here]
        lines = texts["anchors"].tobytes().decode().split("\n")[:-1]
        assert lines == anchors[firsts[doc] : firsts[doc + 1]]


def test_record_of_vectors_and_features(local: Local, sent: list[Fields]) -> None:
    columns: list[tuple[int, str]] = []
    of_block = {"bodies": "text", "names": "text", "said": "phrases"}
    for number, block in enumerate(BLOCKS):
        names = local.strings(f"vectors/{of_block.get(block, block)}.terms")
        columns += [(number, name) for name in names]
    assert len(columns) == local.array("vectors/blocks.starts")[-1]
    bounds, indices = local.array("vectors/blocks.indptr"), local.array("vectors/blocks.indices")
    data, text_terms = local.array("vectors/blocks.data"), local.strings("vectors/text.terms")
    sketch_terms = local.array("vectors/sketch.terms")
    sketch_weights = local.array("vectors/sketch.weights")
    for doc, fields in enumerate(sent):
        here = slice(bounds[doc * len(BLOCKS)], bounds[(doc + 1) * len(BLOCKS)])
        entries = [columns[column] for column in indices[here].tolist()]
        vectors = record(fields, "vectors")
        assert vectors["block"].tolist() == [block for block, _ in entries]
        assert vectors["keys"].tolist() == term_keys([name for _, name in entries]).tolist()
        assert vectors["weights"].tolist() == data[here].tolist()
        assert fields["features"] == "|".join(
            f"{BLOCK_LETTERS[BLOCKS[block]]}{int(term_keys([name])[0]):016x}"[:11] + f"={weight}"
            for (block, name), weight in zip(entries, data[here].tolist(), strict=True)
        )
        uses = record(fields, "uses")
        count = int((sketch_weights[doc] > 0).sum())
        names = [text_terms[column] for column in sketch_terms[doc, :count].tolist()]
        assert uses["sketch_keys"].tolist() == term_keys(names).tolist()
        assert uses["sketch_weights"].tolist() == sketch_weights[doc, :count].tolist()


def test_record_of_html(local: Local, sent: list[Fields]) -> None:
    for doc, fields in enumerate(sent):
        (html,) = local.database.execute(
            "SELECT html FROM bodies WHERE docnum = ?", (doc,)
        ).fetchone()
        assert record(fields, "html")["html"].tobytes() == html


def test_names_of_documents(generation: Path) -> None:
    names = [document.name for document in all_documents(generation)]
    assert len(set(names)) == len(names)
    assert all(len(name.encode()) <= 512 for name in names)
    assert document_id("/a/ü") == "/a/ü"
    assert document_id("/" + "ü" * 300)[0] == "#"


def test_small_blocks_give_the_same(generation: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = list(all_documents(generation))
    monkeypatch.setattr(documents, "POSITIONS_AT_ONCE", 50)
    monkeypatch.setattr(generationfiles, "NUMBERS_AT_ONCE", 70)
    monkeypatch.setattr(generationfiles, "STRINGS_AT_ONCE", 3)
    assert list(all_documents(generation)) == whole


def test_a_digest_tells_documents_apart(generation: Path) -> None:
    sent = list(all_documents(generation))
    assert len({document.digest for document in sent}) == len(sent)
    assert all(json.loads(document.body)["digest"] == document.digest for document in sent)
    assert isinstance(sent[0], Document)


def test_weights_of_a_monstrous_post_stay_within_what_can_be_counted() -> None:
    weights = np.array([1e9, 1.0, 1e-9])
    frequencies = postterms._frequencies(weights)
    assert frequencies.sum() < 2**31
    assert frequencies.tolist()[1:] == [TERM_SCALE, 1]
