"""From opened answers to a release, and from releases to follow-up."""
