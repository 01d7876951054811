"""Money in words 大写金额: an amount as Chinese papers write it, so that no digit can be added."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")
_LARGEST = Decimal(10) ** 16


def in_capitals(amount: Decimal) -> str:
    """Return an amount of yuan in capitals 人民币大写.

    >>> in_capitals(Decimal("1575"))
    '壹仟伍佰柒拾伍元整'
    >>> in_capitals(Decimal("100200.05"))
    '壹拾万零贰佰元零伍分'

    Raises:
        ValueError: for an amount beyond what papers know (ten thousand 亿 and more).
    """
    fen = int((abs(amount) * 100).to_integral_value(ROUND_HALF_UP))
    if fen >= _LARGEST * 100:
        raise ValueError(f"too large for words: {amount}")
    yuan, jiao, cents = fen // 100, fen // 10 % 10, fen % 10
    sign = "负" if amount < 0 and fen else ""
    whole = f"{_whole(yuan)}元" if yuan or not fen else ""
    return sign + whole + _part(jiao, cents, bool(yuan))


def _whole(number: int) -> str:
    """Say a whole number: four digits at a time, with one 零 wherever digits are left out."""
    if number == 0:
        return _DIGITS[0]
    said = ""
    for index, group in reversed(list(enumerate(_groups(number)))):
        if group == 0:
            continue
        if said and (group < 1000 or _group_before_empty(number, index)):
            said += _DIGITS[0]
        said += _four(group) + _GROUPS[index]
    return said


def _groups(number: int) -> list[int]:
    groups = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    return groups


def _group_before_empty(number: int, index: int) -> bool:
    """Whether the group of four digits just above this one is all zeros."""
    groups = _groups(number)
    return index + 1 < len(groups) and groups[index + 1] == 0


def _four(group: int) -> str:
    said, gap = "", False
    for place in (3, 2, 1, 0):
        digit = group // 10**place % 10
        if digit:
            said += (_DIGITS[0] if gap and said else "") + _DIGITS[digit] + _PLACES[place]
            gap = False
        else:
            gap = True
    return said


def _part(jiao: int, cents: int, after_yuan: bool) -> str:
    if not jiao and not cents:
        return "整"
    said = f"{_DIGITS[jiao]}角" if jiao else (_DIGITS[0] if after_yuan else "")
    return said + (f"{_DIGITS[cents]}分" if cents else "整")
