"""The page a respondent meets, and the one request that sends an answer."""
