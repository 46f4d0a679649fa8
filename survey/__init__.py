"""Medvirk: hearing the people a municipality serves."""
