"""School terms 学期: which term a day falls into, and the terms to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from models.core.words import Code, CodeList
from resources import _, current_language, table

FIRST_YEAR, LAST_YEAR = 2010, 2040


@dataclass(frozen=True, order=True)
class Term:
    """One term: the year in which its school year begins, and 1 or 2.

    >>> Term(2026, 1).code
    '2026-2027-1'
    """

    year: int
    number: int

    @property
    def code(self) -> str:
        """What is stored: ``2026-2027-1``."""
        return f"{self.year}-{self.year + 1}-{self.number}"

    @property
    def first(self) -> date:
        """The first day; holidays belong to the term before them."""
        return _day(self.year if self.number == 1 else self.year + 1, _row(self.number)["starts"])

    @property
    def last(self) -> date:
        """The last day."""
        return _day(self.year + 1, _row(self.number)["ends"])

    @property
    def next(self) -> Term:
        """The term after this one."""
        return Term(self.year, 2) if self.number == 1 else Term(self.year + 1, 1)

    def words(self) -> str:
        """Say the term in the language in use."""
        row = _row(self.number)
        name = row["name_zh"] if current_language() == "zh_CN" else row["name_en"]
        return _("School year {year}–{next}, {term}").format(year=self.year, next=self.year + 1, term=name)


def term_of(day: date) -> Term:
    """Return the term into which a day falls."""
    for year in (day.year, day.year - 1):
        for number in (1, 2):
            term = Term(year, number)
            if term.first <= day <= term.last:
                return term
    raise ValueError(f"no term covers {day}")


def term_named(code: str) -> Term:
    """Return the term of a stored code.

    Raises:
        ValueError: when it is not one.
    """
    year, _next, number = code.split("-")
    return Term(int(year), int(number))


def _row(number: int) -> dict[str, str]:
    return next(row for row in table("education/terms.csv") if row["term"] == str(number))


def _day(year: int, month_day: str) -> date:
    month, day = month_day.split("-")
    return date(year, int(month), int(day))


class TermCodes(CodeList):
    """The terms to choose from, the newest first."""

    @property
    def codes(self) -> tuple[Code, ...]:  # type: ignore[override]  # its words depend on the language in use
        """All terms."""
        return tuple(Code(term.code, term.words()) for term in _terms())

    @property
    def _by_code(self) -> dict[str, Code]:  # type: ignore[override]
        return {code.code: code for code in self.codes}

    def __contains__(self, code: object) -> bool:
        return any(term.code == code for term in _terms())

    def label(self, code: str | None) -> str:
        """Return the words of a term."""
        if not code:
            return ""
        return term_named(code).words() if code in self else _("unknown entry")


@cache
def _terms() -> tuple[Term, ...]:
    return tuple(Term(year, number) for year in range(LAST_YEAR, FIRST_YEAR, -1) for number in (2, 1))


TERMS: CodeList = TermCodes("school_term")
