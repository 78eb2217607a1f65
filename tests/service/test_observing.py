"""Requests have ids and lines in the log, which tell nothing of what readers type."""

import json
import logging
from collections.abc import Callable
from logging.config import dictConfig

import pytest
from flask import Flask
from flask.testing import FlaskClient

from search.logs import JsonFormatter, log_config

MakeApp = Callable[..., Flask]


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records]


@pytest.mark.parametrize(
    ("log_requests", "told"), [("none", []), ("problems", [404]), ("all", [200, 404])]
)
def test_requests_are_logged_as_the_settings_say(
    make_app: MakeApp, caplog: pytest.LogCaptureFixture, log_requests: str, told: list[int]
) -> None:
    client = make_app(log_requests=log_requests).test_client()
    with caplog.at_level(logging.INFO):
        client.get("/api/v1/search?q=my+illness", environ_base={"REMOTE_ADDR": "192.0.2.7"})
        client.get("/api/v1/post?path=/nowhere")
    assert [record.request["status"] for record in caplog.records] == told  # type: ignore[attr-defined]
    assert "illness" not in caplog.text
    assert "192.0.2.7" not in caplog.text


def test_the_id_of_an_answer_is_that_of_its_line(
    make_app: MakeApp, caplog: pytest.LogCaptureFixture
) -> None:
    client = make_app(log_requests="all").test_client()
    with caplog.at_level(logging.INFO):
        ids = [
            client.get("/api/v1/post?path=/nowhere", headers=headers).headers["X-Request-Id"]
            for headers in ({}, {"X-Request-Id": "proxy-17"}, {"X-Request-Id": "a b\tc"})
        ]
    assert [line.rpartition(" ")[2] for line in lines(caplog)] == ids
    assert ids[1] == "proxy-17"
    assert len(set(ids)) == 3
    assert "a b" not in caplog.text


def test_a_path_of_many_lines_is_one_line(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        client.get("/nowhere%0d%0a[ERROR]%20forged")
    [line] = lines(caplog)
    assert "\n" not in line
    assert "\r" not in line


def test_json_lines_have_the_members_of_a_request(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        answer = client.get("/nowhere%0aä")
    line = JsonFormatter().format(caplog.records[-1])
    assert "\n" not in line
    told = json.loads(line)
    assert (told["method"], told["path"], told["status"]) == ("GET", "/nowhere\nä", 404)
    assert told["request_id"] == answer.headers["X-Request-Id"]
    assert told["level"] == "info"
    assert told["time"].endswith("+00:00")


def test_json_lines_have_exceptions(caplog: pytest.LogCaptureFixture) -> None:
    try:
        raise ValueError("odd")
    except ValueError:
        logging.getLogger("some").exception("It failed")
    told = json.loads(JsonFormatter().format(caplog.records[-1]))
    assert (told["message"], told["level"]) == ("It failed", "error")
    assert told["exception"].endswith("ValueError: odd")


@pytest.mark.parametrize(
    ("log_format", "line"), [("text", "[WARNING] careful"), ("json", '"message": "careful"')]
)
def test_the_log_is_configured_in_either_format(
    capsys: pytest.CaptureFixture[str], log_format: str, line: str
) -> None:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        dictConfig(log_config(log_format))  # type: ignore[arg-type]
        logging.getLogger("some").warning("careful")
        assert line in capsys.readouterr().out
    finally:
        root.handlers[:] = before
        root.setLevel(level)
