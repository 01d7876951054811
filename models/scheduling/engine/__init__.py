"""The planning engine 排课引擎: plain problems in, plans out; no database, no screen.

:func:`solve` plans a week, :func:`place_around` repairs one, :func:`can_place` asks whether one more session fits.
Each answers with a plan that breaks no rule (:func:`models.scheduling.levels.breaches` is asked once more before it is
handed out) and says how much of it is proven. The solvers are loaded when they are first needed.
"""

from __future__ import annotations

from models.scheduling.engine.answers import Attempt, BrokenPlan, Plan, Progress, Verdict
from models.scheduling.engine.one_more import can_place
from models.scheduling.engine.planning import solve
from models.scheduling.engine.repairing import place_around

__all__ = ["Attempt", "BrokenPlan", "Plan", "Progress", "Verdict", "can_place", "place_around", "solve"]
