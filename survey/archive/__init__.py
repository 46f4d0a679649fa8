"""What the archive needs of a round: one package with everything but what respondents gave, which it never sees."""
