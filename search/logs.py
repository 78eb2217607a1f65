"""The log of `signpost serve`, on standard output: lines for people, or JSON for programs."""

import json
import logging
from datetime import UTC, datetime
from typing import Any, Literal, TypeAlias

LogFormat: TypeAlias = Literal["text", "json"]


class JsonFormatter(logging.Formatter):
    """A record as one JSON object on a line; what is told of a request is among its members."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "request", {}),
        }
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


def log_config(log_format: LogFormat) -> dict[str, Any]:
    """How to log, for logging.config.dictConfig: everything from INFO up, in this format."""
    formatters = {
        "text": {"format": "[%(levelname)s] %(message)s"},
        "json": {"()": "search.logs.JsonFormatter"},
    }
    handler = {
        "class": "logging.StreamHandler",
        "formatter": log_format,
        "stream": "ext://sys.stdout",
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": formatters,
        "handlers": {"log": handler},
        "root": {"handlers": ["log"], "level": "INFO"},
        "loggers": {"_granian": {"propagate": True}},
    }
