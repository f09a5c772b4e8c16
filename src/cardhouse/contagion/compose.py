"""Several channels of contagion at once: a joint fixed point of anything that reads a state and writes one variable.

Each channel is a function from the state to a new value of the variable that it owns. In every round all channels read
the same frozen state, then all new values are put in place together, so that their order cannot matter. The composer
knows no channel: clearing, fire sales, valuations and your own functions plug in alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from cardhouse.basics.arrays import FloatArray
from cardhouse.basics.errors import InputError, Problem, raise_if_any
from cardhouse.contagion.outcome import Convergence

State: TypeAlias = Mapping[str, FloatArray]
"""Variables by name, each an array of any shape."""

Channel: TypeAlias = Callable[[State], FloatArray]
"""A mechanism: reads the state, returns the new value of its variable, same shape as before."""


@dataclass(frozen=True, kw_only=True, eq=False)
class JointOutcome:
    """State in which no channel wants to move its variable.

    Parameters
    ----------
    state : mapping
        Final value of every variable.
    start : mapping
        Value of every variable before the first round.
    convergence : Convergence
        One residual for each channel: largest change that one more round would bring, as a share of the variable's
        largest value so far.
    channels : tuple of str
        Variables that channels own, in the order of the residuals.
    is_monotone : bool
        True when no channel ever moved its variable back. Only then is the result the extreme joint fixed point on the
        side of the start: the greatest when variables fall from their best values.
    """

    state: State
    start: State
    convergence: Convergence
    channels: tuple[str, ...]
    is_monotone: bool

    def change(self, variable: str) -> FloatArray:
        """Subtract the starting value of one variable from its final one."""
        return np.asarray(self.state[variable] - self.start[variable])


def joint_fixed_point(
    channels: Mapping[str, Channel],
    start: Mapping[str, FloatArray],
    *,
    tolerance: float = 1e-10,
    most_rounds: int = 10_000,
) -> JointOutcome:
    """Run channels together until none moves.

    Parameters
    ----------
    channels : mapping
        For each variable that contagion moves, the channel that owns it.
    start : mapping
        Starting value of every variable that a channel reads or writes.
    tolerance : float
        Largest residual that counts as converged.
    most_rounds : int
        Rounds after which to give up; the outcome then says that it has not converged.

    Returns
    -------
    JointOutcome
        Final state, convergence, and whether the way there was monotone.

    Raises
    ------
    InputError
        For a channel whose variable has no starting value, or that returns another shape or a value that is not finite.

    Notes
    -----
    If every channel is monotone in the state and the start is at or above its own image, the state falls to the
    greatest joint fixed point (Tarski; the iteration of Kleene needs continuity from above, which clearing with
    bankruptcy costs has).

    References
    ----------
    Detering, Meyer-Brandis, Panagiotou and Ritter (2021), *An integrated model for fire sales and default contagion*,
    Mathematics and Financial Economics 15, section 2 (two channels); the rule of frozen reads is that of simultaneous
    settlement.

    Examples
    --------
    Value falls with the price, the price with the value lost:

    >>> outcome = joint_fixed_point(
    ...     {"value": lambda s: 10 * s["price"] - 2, "price": lambda s: 1 - 0.02 * (10 - s["value"])},
    ...     {"value": np.array([10.0]), "price": np.array([1.0])},
    ... )
    >>> outcome.state["value"].round(6), outcome.is_monotone, outcome.convergence.converged
    (array([7.5]), True, True)
    """
    names = tuple(channels)
    missing = [name for name in names if name not in start]
    raise_if_any(
        [Problem(file="start", key=name, rule="every channel's variable has a starting value") for name in missing],
        InputError,
    )
    state = {name: np.array(value, dtype=np.float64) for name, value in start.items()}
    first = {name: value.copy() for name, value in state.items()}
    scale = {name: max(_largest(first[name]), 1e-300) for name in names}
    direction = dict.fromkeys(names, 0.0)
    is_monotone, residual, rounds = True, np.zeros(len(names)), 0
    while rounds < most_rounds:
        rounds += 1
        wanted = {name: _ask(name, channels[name], state) for name in names}
        steps = {name: wanted[name] - state[name] for name in names}
        scale = {name: max(scale[name], _largest(wanted[name])) for name in names}
        residual = np.array([_largest(steps[name]) / scale[name] for name in names])
        for name in names:
            slack = 1e-12 * scale[name]
            rises, falls = bool((steps[name] > slack).any()), bool((steps[name] < -slack).any())
            direction[name] = direction[name] or float(rises) - float(falls)
            is_monotone &= not (rises and direction[name] <= 0.0) and not (falls and direction[name] >= 0.0)
        state.update(wanted)
        if residual.max(initial=0.0) <= tolerance:
            break
    return JointOutcome(
        state=state,
        start=first,
        convergence=Convergence(rounds=rounds, residual_by_firm=residual, tolerance=tolerance),
        channels=names,
        is_monotone=is_monotone,
    )


def _largest(values: FloatArray) -> float:
    """Largest size of any entry."""
    return float(np.abs(values).max(initial=0.0))


def _ask(name: str, channel: Channel, state: Mapping[str, FloatArray]) -> FloatArray:
    """Ask one channel for its variable, on copies that it cannot spoil."""
    answer = np.array(channel({key: value.copy() for key, value in state.items()}), dtype=np.float64)
    if answer.shape != state[name].shape:
        rule = f"a channel returns its variable in its own shape {state[name].shape}"
        raise InputError("", (Problem(file=f"channel {name}", value=f"shape {answer.shape}", rule=rule),))
    if not np.isfinite(answer).all():
        raise InputError("", (Problem(file=f"channel {name}", value="NaN or infinite", rule="values are finite"),))
    return answer
