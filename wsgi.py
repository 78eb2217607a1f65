"""The WSGI entry point: `wsgi:application`, for granian, gunicorn, uWSGI and their like."""

from search.service import create_app

application = create_app()
