"""Two thousand texts that want to be more than text, what puts them into every place of every paper, and what finds them there."""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, NamedTuple

from reports.fonts import chain, printable
from tests.reports.reading import squeezed, text_of

COUNT = 2000
_MARKUP = (
    "x<y>z", "<5ml 且 >2ml", "a < b & c > d", "&lt;b&gt;", "&#60;script&#62;", "<b>粗", "</para>", "<br/>", "<para>", "<b><i></b></i>",
    "<img src='/etc/passwd' width='10' height='10'/>", '<img src="http://127.0.0.1:9/x.png"/>', "<img src=x onerror=alert(1)>",
    "<a href='file:///etc/passwd'>x</a>", "<onDraw name='x' label='y'/>", "<seq id='x'/>", "<super>2</super>", "<!-- -->",
    "<font color='[[[getattr(pow,Word(\"__globals__\"))]]]'>x</font>", "<![CDATA[x]]>", "<?xml version='1.0'?>",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;", "<svg onload=alert(1)>", "<link rel=stylesheet href=//127.0.0.1:9>",
)  # fmt: skip
_TEMPLATES = (
    "{name}", "{0.__class__.__mro__}", "%(name)s", "%s%n%x", "{{7*7}}", "{% include '/etc/passwd' %}", "${jndi:ldap://127.0.0.1/x}",
    "$(id)", "`id`", "#{7*7}", "<%= 7*7 %>", r"$\frac{1}{0}$", r"\input{/etc/passwd}", "$x^2", "@@include", "{letter}",
)  # fmt: skip
_OPERATORS = (
    ")Tj ET q", "\\) Tj (", "(unbalanced", "endstream endobj", "/F1 12 Tf", "<FEFF0041>", "\\u0041\\n", "BT /F1 9 Tf (x) Tj ET",
    "%%EOF", "1 0 obj<</JS(app.alert(1))/S/JavaScript>>", "trailer<</Root 1 0 R>>", "]TJ", ">> /OpenAction", "\\101\\102\\", "EMC BMC",
)  # fmt: skip
_FORMULAS = (
    "=1+1", "=cmd|'/c calc'!A1", "+1+1", "-1+1", "@SUM(A1)", '=HYPERLINK("http://127.0.0.1:9")', "＝1＋1", "\t=1", "DDE(\"x\")",
    "=IMPORTXML(CONCAT(A1))", "|calc", ";=1", '"=1"', "'=1",
)  # fmt: skip
_PATHS = (
    "/etc/passwd", "../../../../etc/shadow", r"C:\Windows\win.ini", r"\\127.0.0.1\share\x", "file:///etc/passwd", "http://127.0.0.1:9/",
    "CON", "nul.pdf", "~/.ssh/id_rsa", "data:text/html;base64,eA==", "a/b\\c:d*e?f\"g<h>i|j", "…/.…", "%2e%2e%2f",
)  # fmt: skip
_CONTROLS = (
    "\x00\x01\x07\x1b[31m红", "一\n二\r\n三\t四", "\x0b\x0c换页", "\x7f\x80\x9f", "\ufffe\uffff", "\x1b]0;x\x07", "行\u2028段\u2029末",
    "\r回车\r", "\x85下一行", "\ufff9注\ufffa音\ufffb",
)  # fmt: skip
_BIDI = (
    "\u202e倒\u202c序", "\u2066左\u2069右", "\u200fאבג123", "مرحبا بالعالم", "abc\u202dאבג\u202c", "\u061cع", "ܐܒܓ", "עברית (מימין)",
    "\u2067\u2067\u2067三层", "السعر 12.50 ريال",
)  # fmt: skip
_MARKS = (
    "e\u0301é", "a" + "\u0300" * 60, "Z̴̢̀ͅalgo", "क्षि", "ไทย่า", "각", "零\u200b宽\ufeff", "\ufe0f\ufe0e", "ﬁﬂﬀ", "Å Å", "①②③㊙㈱",
    "\U000e0100葛\U000e0101", "ｆｕｌｌ　ｗｉｄｔｈ", "\u00adsoft\u00ad", "０１２３",
)  # fmt: skip
_EMOJI = (
    "😀", "👨‍👩‍👧‍👦", "🇨🇳", "👍🏽", "🏴\U000e0067\U000e0062\U000e0065\U000e007f", "❤️", "1️⃣", "🧑🏿‍🦽", "☑□○●★", "🀄🀫",
)  # fmt: skip
_RARE = (
    "𠮷㛃𬭎", "阿依古丽·买买提", "\U0002ebf0Ext I", "\U000323afExt H", "䶮\ue863", "〓[U+0041]", "㐀㐁", "龘龖靐齉", "ᠮᠣᠩᠭᠣᠯ", "བོད་ཡིག",
    "\ud800半", "末\udfff", "\ud83d\ud83d", "\U0010fffd私用",
)  # fmt: skip
_FAMILIES = (
    _MARKUP, _TEMPLATES, _OPERATORS, _FORMULAS, _PATHS, _CONTROLS, _BIDI, _MARKS, _EMOJI, _RARE,
    ("A" * 60, "很长" * 40, "…" * 30, "。" * 60, "（" * 60, "W" * 90, "-" * 80, "1" * 70, "“" * 40, " 前后 ", "'\"`", "/", "\\"),
)  # fmt: skip
ENDLESS = ("A", "很", "<", "1 2", "é", "）", "W.", "a\u0301", "=", "%")
"""What is repeated until there are ten thousand characters."""


def strings() -> tuple[str, ...]:
    """Return two thousand different texts, the same every time; each ends with its own number, so that it can be found."""
    chance = random.Random(20261122)
    made = [text * (10_000 // len(text)) for text in ENDLESS]
    every = [text for family in _FAMILIES for text in family]
    made += every
    while len(made) < COUNT:
        pieces = [chance.choice(chance.choice(_FAMILIES)) for _piece in range(chance.choice((1, 2, 2, 3)))]
        made.append(chance.choice(("", " ", "，")).join(pieces)[:240])
    return tuple(f"{text}§{number:04d}" for number, text in enumerate(made))


STRINGS = strings()

KEPT = frozenset({
    "state", "kind", "key", "area", "by", "code", "status", "sex", "record_id", "child_id", "sitting_id", "session_id", "picture",
    "check", "programme", "ending", "disabilities", "therapy", "reason", "form", "chart",
})  # fmt: skip
"""Fields that hold a code, an id or words of the program alone, and no text of a person."""


def places(value: Any, name: str = "") -> int:
    """Return how many texts a paper's values hold."""
    return sum(1 for _text in _texts(value, name))


def _texts(value: Any, name: str) -> Iterator[str]:
    if isinstance(value, str):
        if name not in KEPT:
            yield value
    elif isinstance(value, tuple | list):
        for each in value:
            yield from _texts(each, name)
    elif is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            if each.name not in KEPT and each.init:
                yield from _texts(getattr(value, each.name), each.name)


def filled(value: Any, give: Callable[[], str], name: str = "") -> Any:
    """Return the same values with every text exchanged for what ``give`` gives, in their order."""
    if isinstance(value, str):
        return value if name in KEPT else give()
    if isinstance(value, tuple):
        made = [filled(each, give, name) for each in value]
        return type(value)(*made) if hasattr(value, "_fields") else tuple(made)
    if isinstance(value, list):
        return [filled(each, give, name) for each in value]
    if is_dataclass(value) and not isinstance(value, type):
        changed = {
            each.name: filled(getattr(value, each.name), give, each.name)
            for each in fields(value)
            if each.name not in KEPT and each.init
        }
        return replace(value, **changed)
    return value


_heard: list[tuple[str, str]] = []
_listening = False
_WATCHED = frozenset({
    "open", "socket.__new__", "socket.connect", "socket.getaddrinfo", "socket.sendto", "subprocess.Popen", "os.system",
    "os.exec", "os.posix_spawn", "os.startfile", "exec", "urllib.Request", "shutil.copyfile", "os.remove", "os.rename", "os.mkdir",
})  # fmt: skip


def _listen(event: str, details: tuple[object, ...]) -> None:
    if _listening and event in _WATCHED:
        _heard.append((event, str(details[0]) if details else ""))


sys.addaudithook(_listen)


def overheard(act: Callable[[], Any]) -> tuple[Any, list[tuple[str, str]]]:
    """Do something and return what came of it, and everything that was opened, called or looked up meanwhile."""
    global _listening
    _heard.clear()
    _listening = True
    try:
        return act(), [
            each
            for each in _heard
            if each[0] != "open" or not each[1].endswith((".ttf", ".otf", ".icc", ".py", ".pyc"))
        ]
    finally:
        _listening = False


def plain(text: str) -> str:
    return squeezed(printable(text, chain("song")))


MARK = 5
"""Signs of the number with which every text ends."""


class Page(NamedTuple):
    """What was read of a page: without white space, and word by word."""

    text: str
    words: str

    def begins_with(self, end: str) -> bool:
        """Whether a word of the page begins with the end of a text; a narrow cell breaks it into a few."""
        return re.search(f" {' ?'.join(map(re.escape, end))}(?![0-9])", self.words) is not None


def beginning(wanted: str, page: str) -> int:
    """Return how many of the first signs of a text stand together on a page."""
    good, bad = 0, len(wanted) + 1
    while bad - good > 1:
        half = (good + bad) // 2
        good, bad = (half, bad) if wanted[:half] in page else (good, half)
    return good


def goes_on(wanted: str, pages: Sequence[Page]) -> bool:
    """Whether a text stands on the first page from its beginning, and goes on at its next sign on each page after that.

    A few signs are found on every page: what is left of the number at the end of a text must begin a word.
    """
    rest = wanted
    for page in pages:
        good = beginning(rest, page.text)
        if good == len(rest):
            return good >= MARK or any(page.begins_with(wanted[-size:]) for size in range(good, len(wanted)))
        if not good:
            return False
        rest = rest[good:]
    return False


def missing(text: str, pages: Sequence[Page], *, fitted: bool = False) -> bool:
    """Whether a text is not in what was read; one that is too long for a page must go on over the next ones without loss.

    ``fitted`` texts stand in one line of the head, which ends with … where there is no more room.
    """
    wanted = plain(text)
    beside = squeezed(printable(text, chain("song")).replace("\n", " · "))  # how a timetable may save lines
    if any(each in page.text for page in pages for each in (wanted, beside)):
        return False
    if fitted:
        return not any(f"{wanted[:end]}…" in page.text for page in pages for end in range(8, len(wanted)))
    return not any(goes_on(wanted, pages[first:]) for first in range(len(pages)))


def read(document: bytes) -> list[Page]:
    """Return what stands on each page."""
    return [page_of(each) for each in text_of(document).split("\f")]


def page_of(text: str) -> Page:
    return Page(squeezed(text), f" {' '.join(text.split())} ")
