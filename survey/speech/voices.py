"""Which voice speaks which language, and how a text is spelt so that the voice says it right."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from survey.speech import respelling


@dataclass(frozen=True, kw_only=True)
class Voice:
    """An eSpeak NG voice and how it speaks. Everything here is part of a sound's name.

    `rate` is eSpeak's own measure: 115 gives 143 words a minute in questions to residents, slow and calm.
    """

    name: str
    rate: int = 115
    pitch: int = 50
    volume: float = 1.0
    borrowed: bool = False  # the voice of a neighbouring language; pages say so
    respelt: Mapping[str, str] = field(default_factory=dict)  # word -> spelling that is said right

    def spelling(self, text: str) -> str:
        """`text` with the words the voice misreads spelt for it; the number of words stays."""
        return re.sub(r"\w+", lambda word: self.respelt.get(word[0].lower(), word[0]), text)


# +f1 is the variant whose words differ most from each other, and it is heard as well in noise as any
# (docs/speech.md has the figures).
VOICES: Mapping[str, Voice] = {
    "nb": Voice(name="gmq/nb+f1", respelt=respelling.BOKMAAL),
    "nn": Voice(name="gmq/nb+f1", respelt=respelling.NYNORSK, borrowed=True),
    "en": Voice(name="gmw/en+f1", respelt=respelling.ENGLISH),
}
