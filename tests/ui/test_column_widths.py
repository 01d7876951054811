"""Column widths: short things stay whole, long ones share what remains."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ui.column_widths import shared_out

WIDTHS = st.lists(st.integers(40, 600), min_size=1, max_size=9)


def test_a_long_reason_gives_way_before_a_name_does() -> None:
    """Four short columns keep their width; the sentence takes what remains."""
    assert shared_out([90, 110, 80, 105, 700], [90, 96, 80, 105, 96], 560, 320) == [90, 110, 80, 105, 175]


def test_two_long_columns_come_down_to_one_width() -> None:
    assert shared_out([100, 500, 400], [100, 96, 96], 500, 320) == [100, 200, 200]


def test_what_does_not_fit_at_all_is_scrolled_and_readable() -> None:
    """Nothing is squeezed to nothing: every column gets its width, a sentence up to the widest."""
    assert shared_out([100, 500, 90], [100, 96, 90], 200, 320) == [100, 320, 90]


@given(WIDTHS, st.integers(50, 2000))
def test_columns_never_exceed_the_room_they_could_fit_into(wanted: list[int], room: int) -> None:
    least = [min(width, 96) for width in wanted]
    widths = shared_out(wanted, least, room, 320)
    assert all(width >= floor for width, floor in zip(widths, least, strict=True))
    if sum(least) <= room:
        assert sum(widths) <= room
    if sum(wanted) <= room:
        assert all(width >= want for width, want in zip(widths, wanted, strict=True))
