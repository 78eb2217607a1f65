"""The API does as its description says, for requests that nobody would think of."""

from collections import Counter
from pathlib import Path
from typing import Any, Final

import pytest
import schemathesis
from flask import Flask
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.specs.openapi.checks import negative_data_rejection

from search.results import Suggestions
from search.service.openapi_operations import OPERATIONS
from search.service.parameters import SuggestParameters

EXAMPLES: Final = 50
"""Random requests for each operation, besides those that try every bound and every type."""


@schemathesis.check
def wrong_values_are_refused(
    context: schemathesis.CheckContext,
    response: schemathesis.Response,
    case: schemathesis.Case[Any],
) -> bool | None:
    """Values of another form than described are refused, less what the API takes on purpose.

    An empty value counts as left out, in an address as in a body. A JSON object is read as an
    address would be: numbers may be written as texts, and of a list the first counts. Any text at
    all is a text. So bodies are left to the tests of what is refused there by name.
    """
    values = [
        one
        for value in (case.query or {}).values()
        for one in (value if isinstance(value, list) else [value])
    ]
    if case.method == "POST" or "" in values:
        return None
    return negative_data_rejection(context, response, case)


def config(*, examples: int, has_index: bool = True) -> SchemathesisConfig:
    return SchemathesisConfig.from_dict(
        {
            "seed": 1,
            "continue-on-failure": True,
            "warnings": False,
            # In process it would ask for compressed answers, and not decompress them.
            "headers": {"Accept-Encoding": "identity"},
            "generation": {"max-examples": examples, "deterministic": True, "database": "none"},
            "checks": {
                # It knows no exceptions; `wrong_values_are_refused` stands in for it.
                "negative_data_rejection": {"enabled": False},
                "not_a_server_error": {"enabled": has_index},
            },
        }
    )


def findings(app: Flask, config: SchemathesisConfig) -> tuple[list[str], Counter[str]]:
    """What is wrong, each with the request that shows it; and how many were sent, by operation."""
    schema = schemathesis.openapi.from_wsgi("/openapi.json", app, config=config)
    wrong: list[str] = []
    sent: Counter[str] = Counter()
    for event in from_schema(schema).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            wrong.append(repr(event))
        elif isinstance(event, events.ScenarioFinished):
            for checks in event.recorder.checks.values():
                sent[str(event.label)] += 1
                wrong += [
                    f"{check.name}: {check.failure_info.failure.message}\n"
                    f"{check.failure_info.code_sample}"
                    for check in checks
                    if check.failure_info
                ]
    return wrong, sent


def test_nothing_is_found(make_app: Any) -> None:
    wrong, sent = findings(make_app(), config(examples=EXAMPLES))
    assert wrong == []
    assert len(sent) == len(OPERATIONS)
    assert all(count >= EXAMPLES for label, count in sent.items() if "/api/" in label), sent


def test_nothing_is_found_without_an_index(make_app: Any, tmp_path: Path) -> None:
    wrong, sent = findings(make_app(index=tmp_path / "none"), config(examples=3, has_index=False))
    assert (wrong, len(sent)) == ([], len(OPERATIONS))


def test_nothing_is_found_past_the_rate_limit(make_app: Any) -> None:
    wrong, sent = findings(make_app(rate_limit="1/hour"), config(examples=3))
    assert (wrong, len(sent)) == ([], len(OPERATIONS))


def test_a_service_that_does_otherwise_is_found_out(
    make_app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tests above can fail: here an answer lacks members, and any limit is taken."""
    monkeypatch.setattr(Suggestions, "as_json", lambda _: {"query": "apple"})
    monkeypatch.setattr(SuggestParameters, "from_arguments", lambda _: SuggestParameters())
    wrong, _ = findings(make_app(), config(examples=1))
    found = {one.partition(":")[0] for one in wrong}
    assert found == {"response_schema_conformance", "wrong_values_are_refused"}
