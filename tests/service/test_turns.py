"""Short requests are answered one after the other, and long ones beside them."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask

from search.service.turns import take_turns


class Busy:
    """An app that notes how many requests it works on at a time."""

    def __init__(self) -> None:
        self.app = Flask(__name__)
        take_turns(self.app)
        self.at_once = self.most_at_once = 0
        self.may_end = threading.Event()
        self.app.add_url_rule("/", view_func=self.work, methods=["GET", "POST"])
        self.app.add_url_rule("/fails", view_func=self.fail)

    def work(self) -> str:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.may_end.wait(0.05)
        self.at_once -= 1
        return "done"

    def fail(self) -> str:
        raise ValueError("at fault")

    def ask(self, method: str, times: int) -> list[threading.Thread]:
        """Requests that have been sent, each by a thread."""
        asking = [
            threading.Thread(target=lambda: self.app.test_client().open("/", method=method))
            for _ in range(times)
        ]
        for each in asking:
            each.start()
        return asking


@pytest.fixture
def busy() -> Iterator[Busy]:
    app = Busy()
    yield app
    app.may_end.set()


def test_short_requests_wait_for_each_other(busy: Busy) -> None:
    for asked in busy.ask("GET", 6):
        asked.join()
    assert busy.most_at_once == 1


def test_long_ones_go_on_beside_them(busy: Busy) -> None:
    for asked in [*busy.ask("POST", 3), *busy.ask("GET", 3)]:
        asked.join()
    assert busy.most_at_once > 1


def test_a_fault_gives_the_turn_to_the_next(busy: Busy) -> None:
    client = busy.app.test_client()
    assert client.get("/fails").status_code == 500
    assert client.get("/").text == "done"
    assert client.head("/").status_code == 200
