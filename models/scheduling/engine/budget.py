"""How much may still be spent on a plan: seconds of the clock, or steps that any machine counts alike."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LOOK_EVERY = 0.05
"""Seconds between two looks whether somebody has cancelled."""


class Budget:
    """What is left of the time that was given, and whether somebody has cancelled meanwhile.

    Deterministic work counts what the solver says it has done instead of seconds, so that the same problem and seed
    end in the same plan however fast the machine is.
    """

    def __init__(
        self, seconds: float, *, deterministic: bool = False, cancelled: Callable[[], bool] | None = None
    ) -> None:
        self.began = time.monotonic()
        self.seconds = seconds
        self.deterministic = deterministic
        self._work = 0.0
        self._cancelled = cancelled
        self._stopped = threading.Event()
        self._running: list[Callable[[], None]] = []
        self._lock = threading.Lock()

    def elapsed(self) -> float:
        """Return the seconds of the clock since the beginning."""
        return time.monotonic() - self.began

    def left(self) -> float:
        """Return what is left; nothing when it was cancelled."""
        if self.stopped:
            return 0.0
        return max(0.0, self.seconds - (self._work if self.deterministic else self.elapsed()))

    def wait(self, seconds: float) -> None:
        """Let others work for a moment."""
        self._stopped.wait(seconds)
        self.spent(seconds)

    def spent(self, work: float) -> None:
        """Count work that was done."""
        self._work += work

    @property
    def stopped(self) -> bool:
        """Whether somebody has cancelled."""
        if not self._stopped.is_set() and self._cancelled is not None and self._cancelled():
            self.stop()
        return self._stopped.is_set()

    def stop(self) -> None:
        """Stop everything that is running for this plan."""
        self._stopped.set()
        with self._lock:
            for stop in self._running:
                stop()

    @contextmanager
    def stoppable(self, stop: Callable[[], None]) -> Iterator[None]:
        """Let something be stopped from elsewhere while it runs."""
        with self._lock:
            self._running.append(stop)
        if self._stopped.is_set():  # it was cancelled between the last look and now
            stop()
        try:
            yield
        finally:
            with self._lock:
                self._running.remove(stop)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Look again and again whether somebody has cancelled, as long as the work inside goes on."""
        if self._cancelled is None:
            yield
            return
        done = threading.Event()
        watcher = threading.Thread(target=self._watch, args=(done,), daemon=True)
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()

    def _watch(self, done: threading.Event) -> None:
        while not done.wait(LOOK_EVERY) and not self.stopped:
            pass
