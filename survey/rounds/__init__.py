"""A round's life: planned, open, closing, released, destroyed."""
