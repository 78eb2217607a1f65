"""An engine moves on to what is published, never mixes two generations, and serves many threads."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from search import Engine
from search.engine import SearchOptions
from tests.engine_contract.conftest import Published
from tests.engine_contract.sites import Site, post


def site(word: str, *more: str) -> Site:
    """A site whose every post has a word that tells when it was published."""
    return Site(
        {
            f"{name}.md": post(f"title: {name}\ntags: [{word}]", f"Said {word} here.")
            for name in ("a", "b", *more)
        }
    )


def test_an_engine_moves_on_to_what_was_published(published: Published) -> None:
    first = published.publish(site("alpha"))
    engine = published.open()
    assert engine.status().generation == engine.search("alpha").generation == first
    assert engine.search("alpha").total == 2
    second = published.publish(site("omega", "c"))
    engine.move_on()
    assert engine.status().generation == second
    assert (engine.status().posts, list(engine.paths())) == (3, ["/a", "/b", "/c"])
    found = engine.search("omega")
    assert (found.generation, found.total) == (second, 3)
    assert engine.search('"alpha"').total == 0
    assert engine.post("/c").tags == ("omega",)
    assert engine.related("/c").generation == engine.suggest("om").generation == second
    assert engine.suggest("om").suggestions[0].text == "omega"
    assert engine.suggest("alp").suggestions == ()


def test_without_anything_new_moving_on_changes_nothing(published: Published) -> None:
    generation = published.publish(site("alpha"))
    engine = published.open()
    engine.move_on()
    engine.move_on()
    assert engine.status().generation == engine.search("alpha").generation == generation


def test_an_engine_opened_later_answers_from_the_newest(published: Published) -> None:
    published.publish(site("alpha"))
    second = published.publish(site("omega"))
    assert published.open().search("omega").generation == second


def test_posts_that_are_gone_are_gone_and_changed_ones_are_changed(published: Published) -> None:
    published.publish(site("alpha", "c"))
    engine = published.open()
    assert engine.post("/c").title == "c"
    published.publish(site("beta"))
    engine.move_on()
    assert list(engine.paths()) == ["/a", "/b"]
    assert "beta" in engine.post("/a").html
    assert engine.search("alpha").total == 0
    assert engine.recommend(["/c"]).history == ()


def test_answers_during_publishes_are_always_old_or_new(published: Published) -> None:
    words = {published.publish(site("word0")): "word0"}
    engine = published.open()
    seen: list[tuple[str, frozenset[str]]] = []
    failures: list[Exception] = []
    ended = threading.Event()

    def read() -> None:
        try:
            while not ended.is_set():
                answer = engine.search("a OR b")
                text = frozenset(tag for hit in answer.hits for tag in hit.tags)
                seen.append((answer.generation, text))
                related = engine.related("/a")
                seen.append((related.generation, frozenset({words_of(related.generation)})))
        except Exception as error:  # any failed request fails the test
            failures.append(error)

    def words_of(generation: str) -> str:
        return words.get(generation, generation)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    try:
        for number in range(1, 5):
            words[published.publish(site(f"word{number}"))] = f"word{number}"
            engine.move_on()
    finally:
        ended.set()
        for reader in readers:
            reader.join()
    assert failures == []
    assert {generation for generation, _ in seen} <= words.keys()
    assert len({generation for generation, _ in seen}) > 1
    assert all(text in ({words[name]}, {name}) for name, text in seen)
    assert engine.search("a OR b").generation == list(words)[-1]


def test_many_threads_at_once_get_the_answers_of_one(harbor: Engine, ledger: Engine) -> None:
    asked: list[Callable[[], object]] = [
        lambda: harbor.search("lamp keeper").hits,
        lambda: harbor.search("lihgthouse").hits,
        lambda: harbor.search("", options=SearchOptions(sort="newest")).facets,
        lambda: harbor.search('"lens in the fog"').nearest,
        lambda: harbor.related("/lighthouse"),
        lambda: harbor.recommend(["/pilot", "/storm"]),
        lambda: harbor.suggest("kno"),
        lambda: harbor.post("/knots-2"),
        lambda: harbor.related_to_text("A lamp and a lens of glass."),
        lambda: ledger.search("anchorage copper", limit=50).hits,
        lambda: ledger.search("brig", limit=50).facets,
        lambda: ledger.related("/entry-013", limit=20),
    ]
    alone = [ask() for ask in asked]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda at: asked[at % len(asked)](), range(8 * len(asked))))
    for at, answer in enumerate(together):
        assert answer == alone[at % len(asked)]
