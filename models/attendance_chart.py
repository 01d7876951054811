"""Attendance chart 训练出勤图: a month of therapy day by day, as plain data for paper."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class AttendanceRow:
    """One kind of therapy: its name, and what became of its sessions, as (day of the month, status)."""

    title: str
    sessions: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class AttendanceChart:
    """All sessions of one child in one month.

    Attributes:
        days: how many days the month has.
        closed: the days on which nobody is treated.
        legend: (status, words) of the statuses that occur, in their order.
    """

    title: str
    days: int
    rows: tuple[AttendanceRow, ...]
    closed: frozenset[int] = frozenset()
    legend: tuple[tuple[str, str], ...] = ()
