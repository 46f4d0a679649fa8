"""What is printed: cards, letters, the paper questionnaire, rules for helpers. Plain data in, one tagged PDF out.

Nothing here knows of a request or a database, and nothing is kept: whoever has the PDF has the codes in it.
"""
