"""How a build reads posts, and what it is to refuse."""

from dataclasses import dataclass, field

from index.analysis import DEFAULT_LANGUAGE
from index.generation import KEPT_GENERATIONS
from index.loader import LoadOptions
from index.safeguards import MAX_SHRINK


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How posts are read, and what the build is to refuse.

    `base_url` starts the site's own links and urls. `language` is that of posts that name none, as
    `de` or `pt-BR`; unless it is DEFAULT_LANGUAGE, they are stored as posts that name it. With
    `is_strict`, any problem refuses the whole build. `keep_generations` is how many stay on disk,
    the new one included; those that readers have open stay as well. `max_shrink` is the share of
    the posts, from 0 to 1, that may go from one build to the next; 1 is as many as may be.
    `processes` is how many read posts; without it, as many as there are processors.
    `max_memory_mb` is how many MiB the process that builds may have, with all that it starts; 0 is
    as many as it takes.
    """

    load: LoadOptions = field(default_factory=LoadOptions)
    base_url: str = ""
    language: str = DEFAULT_LANGUAGE
    is_strict: bool = False
    keep_generations: int = KEPT_GENERATIONS
    max_shrink: float = MAX_SHRINK
    processes: int | None = None
    max_memory_mb: int = 0
