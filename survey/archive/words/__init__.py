"""What the documents of a package call things, in each language that they are written in."""

from survey.archive.words import en, nb, nn

IN = {"nb": nb, "nn": nn, "en": en}
