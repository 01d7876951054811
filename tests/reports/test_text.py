"""Lines are broken as Chinese typesetting asks, and nothing is ever lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reports.fonts import printable
from reports.styles import CHOICES, LABEL, PROSE, VALUE
from reports.text import lines_of
from tests.reports.reading import squeezed

_SIGNS = "患儿今日精神可，。（）“”《》、；37.5℃ mmHg<>x/%—…\n 𠮷㛃"


@given(st.text(alphabet=_SIGNS, max_size=200), st.integers(30, 300))
def test_nothing_is_lost_and_no_line_is_too_long(text: str, width: int) -> None:
    for style in (VALUE, PROSE, LABEL):
        lines = lines_of(text, style, width)
        assert squeezed("".join(line.text for line in lines)) == squeezed(printable(text, style.chain))
        for line in lines:
            wide = style.chain.width(line.text, style.size) + line.indent + line.spread * (len(line.text) - 1)
            assert wide <= width + 0.01


@given(st.text(alphabet="患儿今日精神可，。（）“”《》、；", max_size=200), st.integers(60, 300))
def test_no_line_begins_with_a_stop_or_ends_with_an_opening_bracket(text: str, width: int) -> None:
    lines = [line.text for line in lines_of(text, VALUE, width)]
    for before, after in zip(lines, lines[1:], strict=False):
        runs_on = all(each in "，。（）“”《》、；" for each in before) or all(
            each in "，。（）“”《》、；" for each in after
        )
        if not runs_on and len(before) > 5 and len(after) > 5:
            whole = before + after
            assert after[0] not in "，。）”》、；" or _is_run(whole, len(before))
            assert before[-1] not in "（“《" or _is_run(whole, len(before))


def _is_run(text: str, at: int) -> bool:
    """Whether a row of signs longer than the line stands here, which can only be cut."""
    return sum(each in "，。（）“”《》、；" for each in text[max(at - 5, 0) : at + 5]) >= 5


def test_words_and_numbers_stay_whole() -> None:
    lines = [line.text for line in lines_of("体温最高37.2℃，血压<120/80mmHg，服用 Levetiracetam 0.25g", VALUE, 90)]
    assert "37.2℃，" in "|".join(lines)
    assert any("<120/80mmHg" in line for line in lines)
    assert any("Levetiracetam" in line for line in lines)


def test_ten_thousand_characters_without_a_space_are_wrapped() -> None:
    for sign in ("A", "。", "（", "字"):
        lines = lines_of(sign * 10_000, VALUE, 200)
        assert "".join(line.text for line in lines) == sign * 10_000
        assert len(lines) > 300


def test_prose_is_indented_and_even_but_english_is_not() -> None:
    chinese = lines_of("本月生活规律，食欲较上月好转，能在提示下自己用勺吃完半碗饭。" * 3, PROSE, 200)
    assert chinese[0].indent == 2 * PROSE.size
    assert chinese[1].indent == 0
    assert any(line.spread for line in chinese[:-1])
    assert chinese[-1].spread == 0
    english = lines_of("The month was quiet and the child slept well. " * 5, PROSE, 200)
    assert {line.indent for line in english} == {0.0}


def test_a_label_is_broken_evenly() -> None:
    assert [line.text for line in lines_of("公民身份号码", LABEL, 50)] == ["公民身", "份号码"]


def test_a_label_is_rather_broken_before_a_bracket() -> None:
    for text, lines in {
        "接收人（办公室）": ["接收人", "（办公室）"],
        "计划时间（小时）": ["计划时间", "（小时）"],
        "身长（身高）（cm）": ["身长（身高）", "（cm）"],
        "Received (medical)": ["Received", "(medical)"],
        "体质指数（kg/m²）": ["体质指数", "（kg/m²）"],
    }.items():
        assert [line.text for line in lines_of(text, LABEL, 55)] == lines


def test_a_choice_is_never_broken_inside() -> None:
    text = "□实际（证件记载）\u3000□推定（骨龄）\u3000☑推定（其他依据）"
    lines = [line.text for line in lines_of(text, CHOICES, 150)]
    assert [entry for line in lines for entry in line.split("\u3000")] == text.split("\u3000")
