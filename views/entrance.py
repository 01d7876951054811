"""The windows before the shell, handed to the furniture that opens them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

import views
from ui.start import Entrance


class EntranceRooms:
    """What ``ui.start`` needs to know of the rooms of the home in a folder."""

    def __init__(self, home_folder: Path | None = None) -> None:
        self.home_folder = home_folder

    def open_rooms(self) -> None:
        """Import every room, and take in the scales of the home's own."""
        views.open_rooms()
        if self.home_folder is not None:
            from models.scales import use_home_scales

            use_home_scales(self.home_folder / "scales")

    def sign_in(self, entrance: Entrance) -> QWidget:
        """Return the sign-in window."""
        from views.sign_in import SignIn

        return SignIn(entrance)

    def first_run(self, entrance: Entrance) -> QWidget:
        """Return the window in which a home is made."""
        from views.first_run import FirstRun

        return FirstRun(entrance)


def open_window(home_folder: Path) -> int:
    """Open the program's window on a home and return the exit code."""
    from ui.app import run

    return run(home_folder, EntranceRooms(home_folder))
