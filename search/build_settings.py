"""How the settings say that posts are to be built."""

from index.buildoptions import BuildOptions
from index.loader import LoadOptions
from index.safeguards import ANY_SHRINK
from search.settings import Settings


def build_options(
    settings: Settings, *, is_strict: bool = False, allows_shrink: bool = False
) -> BuildOptions:
    """What builds are to be done with, by the time of day that it is now."""
    return BuildOptions(
        load=LoadOptions(settings.permalinks, frozenset(settings.posts.include)),
        base_url=settings.site.base_url,
        language=settings.site.language,
        is_strict=is_strict,
        keep_generations=settings.index.keep_generations,
        max_shrink=ANY_SHRINK if allows_shrink else settings.index.max_shrink,
        max_memory_mb=settings.index.max_memory_mb,
    )
