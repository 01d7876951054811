"""CP-SAT without its modelling layer: the same solver, told what to solve by its own message.

``ortools.sat.python.cp_model`` loads pandas, which takes longer than a small week takes to plan; the compiled solver
beneath it takes the model as a message. A literal is the index of a variable, its negation ``~index``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from models.scheduling.engine.budget import Budget

Term = tuple[int, int]
"""A variable and its coefficient."""

BUILDING = 2e-5
"""What a variable counts in deterministic work, for the making of the model beside its solving."""
STEP = 1.6
"""How many seconds of an idle processor one of the solver's own counted seconds takes in models like these."""


class Model:
    """Variables, constraints and an objective in the making."""

    def __init__(self) -> None:
        from ortools.sat.python import cp_model_helper

        self.message: Any = cp_model_helper.CpModelProto()
        self._variables = self.message.variables
        self._constraints = self.message.constraints
        self.size = 0

    def integer(self, least: int, most: int) -> int:
        """Add a whole number and return its index."""
        self._variables.add().domain.extend((least, most))
        self.size += 1
        return self.size - 1

    def boolean(self) -> int:
        """Add a variable that is true or false."""
        return self.integer(0, 1)

    def clause(self, literals: Iterable[int]) -> None:
        """At least one of these is true."""
        self._constraints.add().bool_or.literals.extend(list(literals))

    def implies(self, literal: int, other: int) -> None:
        """Whenever the one is true, so is the other."""
        self.clause((~literal, other))

    def at_most_one(self, literals: Sequence[int]) -> None:
        """No two of these are true together."""
        if len(literals) > 1:
            self._constraints.add().at_most_one.literals.extend(literals)

    def exactly_one(self, literals: Sequence[int]) -> None:
        """One of these is true, and no other."""
        self._constraints.add().exactly_one.literals.extend(literals)

    def linear(self, terms: Sequence[Term], least: int, most: int, only_if: int | None = None) -> None:
        """Keep a weighted sum between two bounds, always or when a literal is true."""
        constraint = self._constraints.add()
        constraint.linear.vars.extend([variable for variable, _ in terms])
        constraint.linear.coeffs.extend([weight for _, weight in terms])
        constraint.linear.domain.extend((least, most))
        if only_if is not None:
            constraint.enforcement_literal.append(only_if)

    def equal(self, variable: int, parts: Sequence[int]) -> None:
        """Make a true-or-false variable true exactly when one of its parts is; at most one part can be."""
        self.exactly_one([~variable, *parts])

    def minimize(self, terms: Sequence[Term]) -> None:
        """Ask for the least weighted sum; a later call replaces an earlier one."""
        self.message.clear_objective()
        self.message.objective.vars.extend([variable for variable, _ in terms])
        self.message.objective.coeffs.extend([weight for _, weight in terms])

    def hint(self, values: dict[int, int]) -> None:
        """Say where a good solution may lie; nothing depends on the solver believing it."""
        self.message.clear_solution_hint()
        self.message.solution_hint.vars.extend(list(values))
        self.message.solution_hint.values.extend(list(values.values()))


@dataclass(frozen=True)
class Answer:
    """What the solver found: values, or the proof that there are none."""

    values: Sequence[int] | None
    optimal: bool
    impossible: bool
    objective: int
    bound: int

    @property
    def found(self) -> bool:
        """Whether there is a solution at all."""
        return self.values is not None


def run(
    model: Model,
    budget: Budget,
    seconds: float,
    *,
    workers: int = 1,
    seed: int = 0,
    solvers: Sequence[str] = (),
    on_solution: Callable[[Sequence[int], int], None] | None = None,
    **settings: Any,
) -> Answer:
    """Solve a model within the time that is left; in deterministic work the time is CP-SAT's own count of steps.

    ``solvers`` names which of CP-SAT's own strategies shall prove; with two workers the other one looks for solutions.
    """
    from ortools.sat.python import cp_model_helper as solver

    wrapper = solver.SolveWrapper()
    parameters = _parameters(solver, budget, seconds, workers, seed, settings)
    parameters.subsolvers.extend(solvers)
    wrapper.set_parameters(parameters)
    callback = _listener(solver, on_solution) if on_solution else None
    if callback is not None:
        wrapper.add_solution_callback(callback)
    with budget.stoppable(wrapper.stop_search):
        response = wrapper.solve(model.message)
    if callback is not None:
        wrapper.clear_solution_callback(callback)
    budget.spent(response.deterministic_time * STEP + BUILDING * model.size)
    status = response.status.name
    if status == "MODEL_INVALID":
        raise ValueError(solver.CpSatHelper.validate_model(model.message))
    found = status in ("OPTIMAL", "FEASIBLE")
    return Answer(
        values=list(response.solution) if found else None,
        optimal=status == "OPTIMAL",
        impossible=status == "INFEASIBLE",
        objective=round(response.objective_value) if found else 0,
        bound=_up(response.best_objective_bound),
    )


def _up(bound: float) -> int:
    """Round a proven lower bound up to the next whole number, and never below nothing."""
    return max(0, -int(-(bound - 1e-6) // 1)) if abs(bound) < 1e15 else 0


def _parameters(solver: Any, budget: Budget, seconds: float, workers: int, seed: int, settings: dict[str, Any]) -> Any:
    made = solver.SatParameters()
    made.random_seed = seed
    made.cp_model_probing_level = 0
    made.symmetry_level = 0
    if budget.deterministic:
        made.num_workers = workers
        made.interleave_search = workers > 1
        made.max_deterministic_time = max(0.01, min(seconds, budget.left())) / STEP
    else:
        made.num_workers = workers
        made.max_time_in_seconds = max(0.01, min(seconds, budget.left()))
    for name, value in settings.items():
        setattr(made, name, value)
    return made


def _listener(solver: Any, tell: Callable[[Sequence[int], int], None]) -> Any:
    class Listener(solver.SolutionCallback):  # type: ignore[misc] # the solver is loaded when it is needed
        def OnSolutionCallback(self) -> None:  # called so by the solver
            tell(list(self.Response().solution), round(self.ObjectiveValue()))

    return Listener()
