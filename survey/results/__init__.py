"""Back to those who answered: what you said, what we will do, what we did. Easy to read, seen and heard."""
