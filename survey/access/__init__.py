"""Codes and links: who may answer, once, without being known."""
