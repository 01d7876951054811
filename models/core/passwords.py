"""Passwords 口令: what a password must be — the 等保 profile (GB/T 22239-2019, 8.1.4.1) with a block-list."""

from __future__ import annotations

import re
import unicodedata

from resources import _

SHORTEST, LONGEST, CLASSES = 10, 128, 3
BLOCKED = frozenset(
    [
        "password",
        "passwort",
        "passw",
        "passwd",
        "letmein",
        "welcome",
        "admin",
        "administrator",
        "root",
        "user",
        "guest",
        "login",
        "qwerty",
        "qwertyuiop",
        "qwertyuiopasdf",
        "asdfghjkl",
        "zxcvbnm",
        "qazwsx",
        "qazwsxedc",
        "iloveyou",
        "woaini",
        "woaiwojia",
        "dragon",
        "monkey",
        "sunshine",
        "princess",
        "football",
        "baseball",
        "superman",
        "batman",
        "master",
        "shadow",
        "michael",
        "abc",
        "abcd",
        "abcde",
        "abcdef",
        "abcdefg",
        "abcdefgh",
        "abcdefghi",
        "aaa",
        "test",
        "testtest",
        "demo",
        "changeme",
        "secret",
        "fuliyuan",
        "ertong",
        "ertongfuliyuan",
        "qinghe",
        "qinghefuliyuan",
        "zhongguo",
        "beijing",
        "shanghai",
        "yuanzhang",
        "hushi",
        "mima",
        "denglu",
        "guanliyuan",
        "xitong",
    ]
)
"""What people choose when they must choose: compared with the letters of a password alone."""
ROWS = (
    "1234567890",
    "0987654321",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv",
    "abcdefghijklmnopqrstuvwxyz",
)
KINDS = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9\s]")


def password_problem(password: str, username: str) -> str:
    """Say in words what is wrong with a new password, or nothing."""
    plain = unicodedata.normalize("NFKC", password)
    if len(plain) < SHORTEST:
        return _("A password has at least {n} characters.").format(n=SHORTEST)
    if len(plain) > LONGEST:
        return _("A password has at most {n} characters.").format(n=LONGEST)
    if sum(bool(re.search(kind, plain)) for kind in KINDS) < CLASSES:
        return _("A password mixes at least three of: small letters, capital letters, digits, signs.")
    name = unicodedata.normalize("NFKC", username).casefold()
    if len(name) >= 3 and (name in plain.casefold() or name[::-1] in plain.casefold()):
        return _("A password must not contain the user name.")
    if _guessable(plain.casefold()):
        return _("This password is one of the first that others would guess; please choose another.")
    return ""


def _guessable(password: str) -> bool:
    if len(set(password)) < 5:
        return True
    core = re.sub(r"^[^a-z@$]+|[^a-z@$]+$", "", password).translate(str.maketrans("@013$57", "aoiesst"))
    if {re.sub(r"[^a-z]", "", core), re.sub(r"[^a-z]", "", password)} & BLOCKED:
        return True
    return any(_share_in_row(password, row) > 0.6 for row in ROWS)


def _share_in_row(password: str, row: str) -> float:
    """Return how much of a password is one run along a row of the keyboard or the alphabet."""
    longest = 0
    for start in range(len(password)):
        end = start + 1
        while end <= len(password) and password[start:end] in row:
            longest = max(longest, end - start)
            end += 1
    return longest / len(password)
