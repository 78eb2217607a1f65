"""`signpost serve`: the service, until it is interrupted."""

import os
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import click

from search.chosen_engine import check_cluster
from search.commands.shared import Command, index_option, settings_of
from search.settings import Settings


@click.command(cls=Command)
@index_option
@click.option("--host", metavar="H", help="The address to listen on. Default: 127.0.0.1.")
@click.option("--port", type=int, metavar="P", help="The port to listen on. Default: 8000.")
@click.option("--workers", type=int, metavar="N", help="How many processes answer. Default: 1.")
@click.option("--watch", is_flag=True, help="Build now, and again whenever posts are saved.")
@click.pass_context
def serve(
    ctx: click.Context,
    index_dir: Path | None,
    host: str | None,
    port: int | None,
    workers: int | None,
    *,
    watch: bool,
) -> None:
    """Serve the search, the widgets and the pages until interrupted."""
    settings = settings_of(
        ctx,
        index={"dir": index_dir},
        service={"host": host, "port": port, "workers": workers},
    )
    check_cluster(settings)
    from search.server import run_server  # noqa: PLC0415  # only this command needs a server

    os.environ |= _as_environment(ctx.obj, settings)
    with _watching(settings) if watch else nullcontext():
        run_server(settings)


def _watching(settings: Settings) -> AbstractContextManager[None]:
    """Builds in a process of its own, so that no answer waits for one."""
    from index.processes import companion  # noqa: PLC0415  # only for this

    return companion(_build_on_save, settings)


def _build_on_save(settings: Settings) -> None:
    from search.build_settings import build_of, build_options  # noqa: PLC0415  # not for the server's process
    from search.watching import watch_posts  # noqa: PLC0415

    build = build_of(settings)
    watch_posts(settings.posts.content, settings.index.dir, build_options(settings), build, build)


def _as_environment(config: Path | None, settings: Settings) -> dict[str, str]:
    """What the server's own processes need, to load the same settings."""
    chosen = {"SIGNPOST_INDEX__DIR": str(settings.index.dir)}
    return chosen | ({"SIGNPOST_CONFIG": str(config)} if config else {})
