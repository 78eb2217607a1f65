"""`python -m bench NAME`: runs one of the benchmarks."""

import click

from bench import (
    build,
    cluster,
    drafts,
    growth,
    hostile,
    memory,
    rebuild,
    related,
    relevance,
    search,
    serve,
    typing,
    uninterrupted,
)


@click.group()
def bench() -> None:
    """Measure Signpost beside the alternatives, on real posts."""


bench.add_command(build.main, "build")
bench.add_command(cluster.main, "cluster")
bench.add_command(drafts.main, "drafts")
bench.add_command(growth.main, "growth")
bench.add_command(hostile.main, "hostile")
bench.add_command(memory.main, "memory")
bench.add_command(rebuild.main, "rebuild")
bench.add_command(related.main, "related")
bench.add_command(relevance.main, "relevance")
bench.add_command(search.main, "search")
bench.add_command(serve.main, "serve")
bench.add_command(typing.main, "typing")
bench.add_command(uninterrupted.main, "uninterrupted")

if __name__ == "__main__":
    bench()
