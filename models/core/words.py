"""Code lists 代码表: the closed vocabularies of the field, each code with its words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from resources import _, current_language, table


@dataclass(frozen=True)
class Code:
    """One code: what is stored, and its words as an English message id or as a pair zh/en."""

    code: str
    label: str
    chinese: str = ""

    def __str__(self) -> str:
        if self.chinese and current_language() == "zh_CN":
            return self.chinese
        return _(self.label) if self.label else self.chinese


class CodeList:
    """A closed list of codes, in the order in which people should see them.

    >>> mood = CodeList("mood", Code("calm", "Calm"), Code("upset", "Upset"))
    >>> mood.label("calm")
    'Calm'
    """

    def __init__(self, name: str, *codes: Code | tuple[str, str]) -> None:
        self.name = name
        self._given = tuple(code if isinstance(code, Code) else Code(*code) for code in codes)

    @cached_property
    def codes(self) -> tuple[Code, ...]:
        """All codes in their order."""
        return self._given

    @cached_property
    def _by_code(self) -> dict[str, Code]:
        return {code.code: code for code in self.codes}

    def __iter__(self) -> Iterator[Code]:
        return iter(self.codes)

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def label(self, code: str | None) -> str:
        """Return the words of a code; an unknown code is shown as unknown, never raw."""
        if code is None or code == "":
            return ""
        known = self._by_code.get(code)
        return str(known) if known else _("unknown entry")

    def find(self, text: str) -> str | None:
        """Return the code whose code or words (in either language) are ``text``."""
        wanted = text.strip().casefold()
        for code in self.codes:
            if wanted in {code.code.casefold(), code.label.casefold(), code.chinese.casefold(), str(code).casefold()}:
                return code.code
        return None


class TableCodes(CodeList):
    """A code list read from a reference table; see ``resources/reference``."""

    def __init__(self, name: str, source: str, *, code: str, chinese: str, english: str = "") -> None:
        super().__init__(name)
        self._source, self._columns = source, (code, chinese, english)

    @cached_property
    def codes(self) -> tuple[Code, ...]:
        """All codes in the table's order, the first wording of each."""
        code, chinese, english = self._columns
        rows: dict[str, Code] = {}
        for row in table(self._source):
            rows.setdefault(row[code], Code(row[code], row.get(english, "") if english else "", row[chinese]))
        return tuple(rows.values())
