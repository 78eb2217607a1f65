"""What is sent of a generation when everything is."""

from collections.abc import Iterator
from pathlib import Path

from index.opensearch.digests import post_digests
from index.opensearch.documents import Document, Posts, post_documents


def all_documents(generation: Path) -> Iterator[Document]:
    """The documents of all posts."""
    return post_documents(generation, Posts.of(generation, post_digests(generation)))
