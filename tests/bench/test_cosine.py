"""Brute force: the three ways of it find the same posts."""

from bench.cosine import CHUNK_ROWS, BodyCosine

TEXTS = [
    "apples and pears",
    "pears and plums and pears",
    "apples, pears and apples",
    "a trip to the sea",
    "the sea in winter",
    "",
]


def test_the_most_alike_come_first_without_the_post_itself() -> None:
    assert BodyCosine.of_texts(TEXTS).related(0, 5) == [2, 1]


def test_all_three_ways_agree() -> None:
    texts = [f"{text} word{n % 7} word{n % 11}" for n in range(60) for text in TEXTS]
    assert len(texts) > CHUNK_ROWS  # more than one chunk
    cosine = BodyCosine.of_texts(texts)
    lists = [cosine.related(docnum, 3) for docnum in range(len(texts))]
    assert all(len(found) == 3 for found in lists)
    scores = (cosine.vectors @ cosine.vectors.T).toarray()

    def rounded(docnum: int, found: list[int]) -> list[float]:
        return [round(scores[docnum, other], 9) for other in found]

    for docnum, (found, other) in enumerate(zip(lists, cosine.all_related(3, 2), strict=True)):
        third = cosine.related_by_linear_kernel(docnum, 3)
        assert docnum not in {*found, *other, *third}
        assert rounded(docnum, found) == rounded(docnum, other) == rounded(docnum, third)
