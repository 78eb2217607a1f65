"""What a person is shown of related posts, and of what a draft deserves."""

from rich.console import Console
from rich.text import Text

from search.related_results import RelatedPosts
from search.terminal import count, safe


def print_related(answer: RelatedPosts) -> None:
    """A numbered list of posts, each with its reasons."""
    console = Console(highlight=False)
    for number, post in enumerate(answer.related, start=1):
        console.print(Text(f"{number:2}. {safe(post.title)}", style="bold"), soft_wrap=True)
        console.print(Text(f"    {safe(post.url)}", style="dim"), soft_wrap=True)
        reasons = ", ".join(
            f"{reason.kind}: {safe(reason.value)} ({reason.contribution:.2f})"
            for reason in post.reasons
        )
        score = f" {post.score:.2f}" if post.rung == "similar" else ""
        told = Text(f"    {post.rung}{score}{'; ' if reasons else ''}{reasons}")
        console.print(told, soft_wrap=True)
    _print_tags(console, answer)
    _print_links(console, answer)


def _print_tags(console: Console, answer: RelatedPosts) -> None:
    if answer.tags:
        console.print(Text("\nTags that it deserves:", style="bold"))
    for tag in answer.tags:
        mentioned = ", mentioned" if tag.is_mentioned else ""
        console.print(Text(f"    {safe(tag.value)} ({count(tag.posts, 'post')}{mentioned})"))


def _print_links(console: Console, answer: RelatedPosts) -> None:
    if answer.links:
        console.print(Text("\nLinks that it deserves:", style="bold"))
    for link in answer.links:
        text = Text(f"    [{safe(link.text)}]({safe(link.path)})")
        console.print(text, soft_wrap=True)
        console.print(Text(f"        {safe(link.title)}", style="dim"), soft_wrap=True)
