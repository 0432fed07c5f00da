"""The words of vsim in the reader's language: English in the source, Simplified Chinese complete beside it.

`t("Star rating")` returns the words in the language in force: the one set by `set_language`, else the one
that `VSIM_LANG` or `LANG_UI` names, else the locale. A message without a translation comes back as it stands.
"""

from __future__ import annotations

import gettext
import locale
import os
from functools import cache
from pathlib import Path
from typing import Final

from vsim.errors import UsageError, did_you_mean, listing

FOLDER: Final = Path(__file__).resolve().parent / "locale"
DOMAIN: Final = "vsim"
LANGUAGES: Final = ("en", "zh_CN")
VARIABLE: Final = "VSIM_LANG"
LOCALES: Final = ("LANG_UI", "LC_ALL", "LC_MESSAGES", "LANG")

_chosen: str | None = None


def t(message: str) -> str:
    """Return a message in the language in force.

    Write the message as it stands, without f-string or format inside, so that it can be found and translated:
    `t("{n} weeks").format(n=3)`.
    """
    return _catalogue(language()).gettext(message) if message else ""


def set_language(lang: str | None) -> None:
    """Choose the language for this process; None goes back to the environment.

    Raises
    ------
    UsageError
        When vsim does not speak the language.
    """
    global _chosen
    _chosen = None if lang is None else known_language(lang)


def language() -> str:
    """Return the language in force: "en" or "zh_CN"."""
    if _chosen is not None:
        return _chosen
    if os.environ.get(VARIABLE):
        return known_language(os.environ[VARIABLE], VARIABLE)
    for name in LOCALES:
        if os.environ.get(name):
            return _folded(os.environ[name]) or "en"
    return _folded(_system_locale()) or "en"


def known_language(lang: str, where: str = "language") -> str:
    """Return "en" or "zh_CN" for any usual way of writing it ("zh", "zh-CN", "zh_CN.UTF-8", "en_GB").

    Raises
    ------
    UsageError
        When vsim does not speak the language.
    """
    found = _folded(lang)
    if found is None:
        raise UsageError(f"{where} is '{lang}'; allowed {listing(LANGUAGES)}.{did_you_mean(lang, LANGUAGES)}")
    return found


def _folded(lang: str) -> str | None:
    plain = lang.partition(".")[0].partition("@")[0].replace("-", "_").lower()
    if plain in ("c", "posix") or plain == "en" or plain.startswith("en_"):
        return "en"
    if plain == "zh" or plain.startswith(("zh_", "chinese")):
        return "zh_CN"
    return None


def _system_locale() -> str:
    try:
        return locale.getlocale()[0] or ""
    except ValueError:
        return ""


@cache
def _catalogue(lang: str) -> gettext.NullTranslations:
    if lang == "en":
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, FOLDER, [lang], fallback=True)
