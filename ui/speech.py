"""Speech 语言: the language of the window, of Qt's own dialogs and of its dates and numbers, changed together."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from resources import current_language, use_language

_LOCALES = {"zh_CN": QLocale(QLocale.Language.Chinese, QLocale.Country.China), "en": QLocale(QLocale.Language.English)}
_installed: list[QTranslator] = []


def speak(language: str) -> None:
    """Speak ``zh_CN`` or ``en`` from now on; what is on screen must be built again."""
    use_language(language)
    QLocale.setDefault(_LOCALES[language])
    application = QCoreApplication.instance()
    if application is None:
        return
    for translator in _installed:
        application.removeTranslator(translator)
    _installed.clear()
    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if language != "en" and translator.load(f"qtbase_{language}", folder):
        application.installTranslator(translator)
        _installed.append(translator)


def other_language() -> str:
    """Return the language that is not in use."""
    return "en" if current_language() == "zh_CN" else "zh_CN"
