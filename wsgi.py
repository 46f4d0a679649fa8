"""For any WSGI server: `wsgi:app`."""

from survey.app import create_app

app = create_app()
