"""Who asks, and whom to ask: what stands on every letter."""

from collections.abc import Mapping
from dataclasses import dataclass

from survey.prints.words import Words


@dataclass(frozen=True, kw_only=True)
class Sender:
    """`municipality` maps language to name. `asks` is who asks; empty: the municipality. Contact by name or number."""

    municipality: Mapping[str, str]
    contact: str
    phone: str = ""
    email: str = ""
    asks: str = ""

    def named(self, words: Words) -> str:
        """Who asks, as a sentence begins with it."""
        return self.asks or words.text("municipality", municipality=words.called(self.municipality))

    def reached(self, words: Words) -> list[str]:
        """Lines that say whom to ask and how."""
        lines = [words.text("contact_ask", name=self.contact)]
        lines += [words.text("contact_phone", phone=self.phone)] if self.phone else []
        return lines + ([words.text("contact_email", email=self.email)] if self.email else [])
