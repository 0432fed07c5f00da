"""The words of one lesson or unit: English in the source, the other language from its own catalogue.

In a checks file, `t("...")` only marks a message, so that the catalogue finds it; it is translated where it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from vsim.errors import VsimError
from vsim.i18n import set_language
from vsim.i18n import t as vsim_t


def t(message: str) -> str:
    """Mark a message for the catalogue of the lesson or unit, and return it as it stands.

    >>> t("Active volunteers")
    'Active volunteers'
    """
    return message


@dataclass(frozen=True, slots=True)
class Said:
    """A message with the values of its braces, not yet in any language."""

    message: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Words:
    """What the messages of one lesson or unit are in one language.

    Attributes
    ----------
    lang : str
        "en" or "zh_CN".
    known : mapping of str to str
        Translations by English message; what is not in it is looked up among vsim's own words, else stays English.
    """

    lang: str = "en"
    known: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, message: str | Said) -> str:
        """Return a message in this language, its braces filled."""
        said = message if isinstance(message, Said) else Said(message)
        text = self.known.get(said.message) if self.lang != "en" else said.message
        text = text or self.own(said.message)
        values = {name: self(value) if isinstance(value, Said) else value for name, value in said.values.items()}
        try:
            return text.format(**values) if values else text
        except (KeyError, IndexError, ValueError) as error:
            raise VsimError(
                f"words: '{said.message}' has braces without a value ({error}). Give each brace a value, "
                "in the message and in its translation."
            ) from None

    def own(self, message: str) -> str:
        """Return one of vsim's own messages in this language."""
        from vsim.i18n import language

        if language() == self.lang:
            return vsim_t(message)
        before = language()
        set_language(self.lang)
        try:
            return vsim_t(message)
        finally:
            set_language(before)
