"""Words the voices misread, spelt so that they say them right.

The bokmål voice makes short vowels long, reads an o as in "bok", sounds letters that are silent, and takes every
"be-" for a prefix. Found by reading the phonemes it makes of each word in the questionnaires (docs/speech.md); a
word stays one word, so that words can be marked while they are heard.
"""

_BOTH = {
    "and": "ann",
    "den": "denn",
    "english": "englisj",
    "gitar": "ghittar",
    "glad": "gla",
    "god": "go",
    "godt": "gått",
    "igjen": "ijenn",
    "imellom": "imellåmm",
    "kan": "kann",
    "med": "me",
    "mellom": "mellåmm",
    "men": "menn",
    "midt": "mitt",
    "ned": "ne",
    "nok": "nåkk",
    "og": "å",
    "ok": "åkkei",
    "om": "åmm",
    "over": "åver",
    "posten": "påsten",
    "sagt": "sakt",
    "skal": "skall",
    "som": "såmm",
    "til": "till",
    "tog": "tåg",
    "tolv": "tåll",
    "tom": "tåmm",
    "trygt": "trykt",
    "ved": "ve",
    "vil": "vill",
}

BOKMAAL = {
    **_BOTH,
    "bedre": "bædre",
    "deg": "dei",
    "fortell": "fårtell",
    "forteller": "fårteller",
    "fortsett": "fårtsett",
    "hvis": "viss",
    "kildekoden": "kjilldekoden",
    "kortere": "kårtere",
    "kortet": "kårtet",
    "meg": "mei",
    "pent": "pént",
    "seg": "sei",
    "selv": "sell",
    "sent": "sént",
    "tegn": "tein",
    "tjenestene": "kjenestene",
}

# Nynorsk keeps "deg" and "meg" as they are written: its "dei" means "they".
NYNORSK = {
    **_BOTH,
    "berre": "bærre",
    "betre": "bætre",
    "éin": "ein",
    "fortel": "fårtell",
    "fram": "framm",
    "han": "hann",
    "høgt": "høkt",
    "ikkje": "ikje",
    "kjeldekoden": "kjelldekoden",
    "kortare": "kårtare",
    "kortet": "kårtet",
    "kven": "kvenn",
    "noko": "nåko",
    "nokon": "nåkon",
    "vel": "vell",
    "velje": "vellje",
    "velkomen": "velkåmen",
}

# Our languages' names, as near as English letters come. "Close" is what one does to a page, wherever it stands here.
ENGLISH = {
    "bokmål": "bookmawl",
    "close": "cloze",
    "nynorsk": "newnorsk",
}
