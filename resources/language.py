"""The two languages of the program: English message ids and a complete Chinese catalogue.

``_`` translates when a text is shown, never at import; ``N_`` only marks a text for the catalogue.
The catalogue's sources are the ``.po`` files in ``translations/zh_CN`` (one a room, so that work on
two rooms never meets in one file); they are compiled into one ``qinghe.mo``.
"""

from __future__ import annotations

import gettext
import os
import sys
from pathlib import Path

LANGUAGES = {"zh_CN": "中文", "en": "English"}

_translations: gettext.NullTranslations = gettext.NullTranslations()
_language = "en"


def N_(message: str) -> str:  # noqa: N802 (gettext's own spelling)
    """Mark a message for the catalogue without translating it yet."""
    return message


def _(message: str) -> str:
    """Translate a message into the language in use."""
    return _translations.gettext(message) if message else ""


def ngettext(one: str, many: str, number: int) -> str:
    """Translate a message that counts something."""
    return _translations.ngettext(one, many, number)


def sentences(*said: str) -> str:
    """Return whole sentences one after another: with a space between them, which Chinese does not write."""
    return ("" if _language == "zh_CN" else " ").join(each for each in said if each)


def current_language() -> str:
    """Return the language in use: ``zh_CN`` or ``en``."""
    return _language


def use_language(language: str) -> None:
    """Speak ``zh_CN`` or ``en`` from now on.

    Raises:
        ValueError: for a language the program does not have.
    """
    global _translations, _language
    if language not in LANGUAGES:
        raise ValueError(f"no such language: {language}")
    _language = language
    if language == "en":
        _translations = gettext.NullTranslations()
        return
    folder = translations_folder()
    compiled = folder / language / "LC_MESSAGES" / "qinghe.mo"
    if not getattr(sys, "frozen", False):
        compile_if_stale(folder / language, compiled)
    with compiled.open("rb") as file:
        _translations = gettext.GNUTranslations(file)


def translations_folder() -> Path:
    """Return the folder of the catalogues."""
    root = getattr(sys, "_MEIPASS", None)
    return (Path(root, "resources") if root else Path(__file__).parent) / "translations"


def compile_if_stale(sources: Path, compiled: Path) -> None:
    """Compile the ``.po`` files of one language into one ``.mo`` when any of them is newer."""
    files = sorted(sources.glob("*.po"))
    newest = max((file.stat().st_mtime for file in [*files, sources]), default=0.0)
    if compiled.exists() and compiled.stat().st_mtime >= newest:
        return
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    whole = Catalog(locale="zh_CN")
    for file in files:
        with file.open("rb") as stream:
            for message in read_po(stream, locale="zh_CN"):
                if message.id and message.string:
                    whole.add(message.id, message.string)
    compiled.parent.mkdir(parents=True, exist_ok=True)
    part = compiled.with_suffix(f".{os.getpid()}.part")  # several windows may begin at the same time
    with part.open("wb") as stream:
        write_mo(stream, whole)
    part.replace(compiled)
