"""Read-aloud, rendered ahead of time: never inside a request."""
