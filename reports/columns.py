"""Columns 栏宽: how wide the columns of a table are, from what stands in them.

A column is a width in points (:class:`Fixed`) or a share of what the fixed ones leave.
"""

from __future__ import annotations

from collections.abc import Sequence

from reports import fonts
from reports.styles import LABEL, SMALL, VALUE, Style

PAD_X = 4.5
"""The room at the left and the right of a cell's text."""


class Fixed(float):
    """A column's width in points; a plain number is a share of what the fixed columns leave."""


_RIGID = 84.0
"""Columns up to this width keep their texts on one line: dates, amounts, names, states."""


def needs_of(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[float]:
    """Return the width each column would need to keep nearly all its texts on one line."""
    style = SMALL if len(headings) > 8 else VALUE
    found = []
    for index, heading in enumerate(headings):
        texts = [heading, *(row[index] for row in rows[:80]), *(row[index] for row in rows[-2:])]
        widths = sorted(style.chain.width(fonts.printable(text, style.chain), style.size) for text in texts)
        widest = widths[-1] if widths[-1] < 2 * _RIGID else widths[int(0.9 * (len(widths) - 1))]
        found.append(widest + 2 * PAD_X + 2)
    return found


_SHORT, _WORD, _NAME = 11, 16, 4
"""Entries of up to so many characters stand on one line where there is room; words, dates and names are never broken."""
_PROSE_WIDTH = 58.0
"""Columns with longer texts are never narrower than this."""


def roomy(
    shares: Sequence[float],
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    width: float,
    style: Style | None = None,
) -> tuple[float, ...]:
    """Turn shares into widths in which no word and no date is broken, and no short entry where there is room."""
    style = style or (SMALL if len(headings) > 8 else VALUE)
    given = [share * width / sum(shares) for share in shares]
    needs = [
        _column_needs(heading, [row[index] for row in rows[:80]], style, width)
        for index, heading in enumerate(headings)
    ]
    hard, wanted, whole = zip(*needs, strict=True)
    if sum(wanted) > width:
        return _between(hard, wanted, width)
    lack = sum(max(need - have, 0.0) for need, have in zip(wanted, given, strict=True))
    spare = sum(max(have - need, 0.0) for need, have in zip(wanted, given, strict=True))
    give = min(lack / spare, 1.0) if spare else 0.0
    made = [need if have < need else have - (have - need) * give for need, have in zip(wanted, given, strict=True)]
    return _unbroken(made, whole)


def _column_needs(heading: str, texts: Sequence[str], style: Style, width: float) -> tuple[float, float, float]:
    """What a column must have, what it should have, and what it needs to keep every text on one line."""
    named = LABEL.but(size=style.size)
    words = [*_words_in(heading, named), *(each for text in texts for each in _words_in(text, style))]
    names = [_wide(text, style) for text in texts if len(text) <= _NAME]
    short = [_wide(text, style) for text in texts if len(text) <= _SHORT]
    room = [_PROSE_WIDTH] if any(len(text) > _SHORT for text in texts) else []
    pieces = [_wide(piece, named) for word in heading.split() for piece in _pieces(word)]
    hard = max([*words, *names], default=0.0)
    wanted = max([hard, *short, *room, *pieces])
    whole = max([wanted, *(_wide(text, style) for text in texts)])
    pad = 2 * PAD_X + 1
    return min(hard + pad, width * 0.3), min(wanted + pad, width * 0.3), whole + pad


def _unbroken(widths: Sequence[float], whole: Sequence[float]) -> tuple[float, ...]:
    """Give what columns have to spare to those that lack least to keep all their texts on one line."""
    made = list(widths)
    for place in sorted(range(len(made)), key=lambda each: whole[each] - made[each]):
        lack = whole[place] - made[place]
        spare = [max(have - need, 0.0) for have, need in zip(made, whole, strict=True)]
        if 0 < lack <= sum(spare):
            share = lack / sum(spare)
            made = [have - free * share for have, free in zip(made, spare, strict=True)]
            made[place] = whole[place]
    return _for_prose(made, whole)


_MANY_LINES, _GIFT = 5, 0.6


def _for_prose(widths: Sequence[float], whole: Sequence[float]) -> tuple[float, ...]:
    """Let columns with texts of many lines have most of what the others can spare."""
    long = [need if need > _MANY_LINES * have else 0.0 for have, need in zip(widths, whole, strict=True)]
    if not any(long):
        return tuple(widths)
    gifts = [_GIFT * max(have - need, 0.0) for have, need in zip(widths, whole, strict=True)]
    return tuple(
        have - gift + sum(gifts) * need / sum(long) for have, gift, need in zip(widths, gifts, long, strict=True)
    )


def _between(least: Sequence[float], wanted: Sequence[float], width: float) -> tuple[float, ...]:
    """Give every column what it must have, and share the rest among those that want more."""
    rest = width - sum(least)
    more = sum(wanted) - sum(least)
    if rest < 0 or more <= 0:
        return tuple(need * width / sum(least) for need in least)
    return tuple(low + (high - low) * rest / more for low, high in zip(least, wanted, strict=True))


def _wide(text: str, style: Style) -> float:
    return max(style.chain.width(fonts.printable(line, style.chain), style.size) for line in text.split("\n"))


def _words_in(text: str, style: Style) -> list[float]:
    """The widths of what cannot be broken: words of letters, numbers and dates; Chinese breaks anywhere."""
    return [
        _wide(word, style) for word in text.split() if len(word) <= _WORD and not any(each > "\u2e80" for each in word)
    ]


def _pieces(word: str) -> tuple[str, ...]:
    """The halves of a long Chinese heading, which may stand in two lines; a word of letters stays whole."""
    half = -(-len(word) // 2)
    return (word[:half], word[half:]) if len(word) > 4 and word[0] > "\u2e80" else (word,)


def fitting(headings: Sequence[str], rows: Sequence[Sequence[str]], width: float) -> tuple[float, ...]:
    """Return column widths that suit the texts: short columns as wide as they need, long ones share the rest."""
    needs = needs_of(headings, rows)
    spare = width - sum(needs)
    if spare >= 0:
        return tuple(need + spare * need / sum(needs) for need in needs)
    rigid = sum(need for need in needs if need <= _RIGID)
    loose = sum(need for need in needs if need > _RIGID)
    if not loose or width - rigid < 0.25 * width:
        return tuple(need * width / sum(needs) for need in needs)
    return tuple(need if need <= _RIGID else need * (width - rigid) / loose for need in needs)


def holding(columns: Sequence[float], headings: Sequence[str], style: Style, width: float) -> tuple[float, ...]:
    """Return columns in which no word of a heading is broken; those that share the rest give what the others need."""
    needs = [max([*_words_in(each, style), 0.0]) + 2 * PAD_X + 0.5 for each in headings]
    made = [
        Fixed(max(each, need)) if isinstance(each, Fixed) else each for each, need in zip(columns, needs, strict=True)
    ]
    for _turn in columns:
        rest = width - sum(each for each in made if isinstance(each, Fixed))
        shares = sum(each for each in made if not isinstance(each, Fixed))
        narrow = [
            place
            for place, each in enumerate(made)
            if not isinstance(each, Fixed) and each * rest / shares < needs[place]
        ]
        for place in narrow:
            made[place] = Fixed(needs[place])
        if not narrow:
            break
    return tuple(made)
