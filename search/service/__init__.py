"""The HTTP service: a JSON API, pages, and the files that the widgets are made of."""

from search.service.app import create_app

__all__ = ["create_app"]
