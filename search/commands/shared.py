"""What the commands share: how they fail, their common options, and the settings in force."""

import json
from pathlib import Path
from typing import Any, Final

import click

from index.errors import SignpostError
from search.chosen_engine import engine_source_of
from search.engine import Engine
from search.errors import JudgmentsError, PostNotFoundError, SettingsError
from search.every_post import EngineSource
from search.settings import Settings, load_settings
from search.terminal import safe

DONE_WITH_PROBLEMS: Final = 1
WRONG_USE: Final = 2
COULD_NOT_BE_DONE: Final = 3

FOLDER: Final = click.Path(path_type=Path)


class Command(click.Command):
    """A command that tells Signpost's own errors in a sentence, with the exit code that fits."""

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; an error of ours ends it without a traceback."""
        try:
            return super().invoke(ctx)
        except (SettingsError, PostNotFoundError, JudgmentsError) as error:
            _fail(ctx, error, WRONG_USE)
        except SignpostError as error:
            _fail(ctx, error, COULD_NOT_BE_DONE)


def _fail(ctx: click.Context, error: SignpostError, code: int) -> None:
    if ctx.params.get("as_json"):
        print_json({"error": str(error)})
    else:
        lines = [safe(line) for line in str(error).split("\n")]  # posts and files may be quoted
        click.echo("signpost: " + "\n".join(lines), err=True)
    ctx.exit(code)


def print_json(answer: dict[str, Any]) -> None:
    """One object on standard output."""
    click.echo(json.dumps(answer, ensure_ascii=False))


json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
index_option = click.option(
    "--index", "index_dir", type=FOLDER, metavar="DIR", help="The index. Default: build/index."
)

processes_option = click.option(
    "--processes",
    type=click.IntRange(min=1),
    metavar="N",
    help="How many processes work on it at most. Default: as many as there are processors.",
)


def settings_of(ctx: click.Context, **given: dict[str, Any]) -> Settings:
    """The settings in force; `given` are values of the command line, by section."""
    return load_settings(ctx.obj, given)


def engine_of(ctx: click.Context, index_dir: Path | None) -> Engine:
    """The engine over the index that the command names, or else the settings."""
    return source_of(ctx, index_dir).open()


def source_of(ctx: click.Context, index_dir: Path | None) -> EngineSource:
    """What that engine is opened with."""
    return engine_source_of(settings_of(ctx, index={"dir": index_dir}))
