"""What every kernel hands back: numbers by firm with labels, who failed when and through whom, and convergence."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from cardhouse.basics.arrays import AnyArray, BoolArray, FloatArray, IntArray
from cardhouse.basics.errors import missing_extra
from cardhouse.contagion.orientation import Labels


@dataclass(frozen=True, kw_only=True, eq=False)
class Convergence:
    """How well a result meets its own equations.

    Parameters
    ----------
    rounds : int
        Rounds or sweeps taken.
    residual_by_firm : FloatArray
        Gap between each firm's value and what the equations ask for, in units of that firm's own size.
    tolerance : float
        Largest residual that counts as met.
    """

    rounds: int
    residual_by_firm: FloatArray
    tolerance: float

    @property
    def residual(self) -> float:
        """Largest residual of any firm; NaN if one is not a number."""
        return float(self.residual_by_firm.max()) if self.residual_by_firm.size else 0.0

    @property
    def converged(self) -> bool:
        """True only when the residual of every firm is a number and within the tolerance.

        >>> Convergence(rounds=3, residual_by_firm=np.array([0.0, np.nan]), tolerance=1e-9).converged
        False
        """
        return bool(np.isfinite(self.residual) and self.residual <= self.tolerance)


@dataclass(frozen=True, kw_only=True)
class Failure:
    """One failure: the firm, the round, and the firm that pushed it (None when the shock itself did)."""

    firm: Hashable
    round: int
    cause: Hashable | None


@dataclass(frozen=True, kw_only=True, eq=False)
class Failures:
    """Who failed, in which round, and through whom.

    Parameters
    ----------
    labels : sequence
        The firms.
    round : IntArray
        Round of failure, 0 for firms that the shock itself fails, -1 for firms that stand; shape (firm,).
    cause : IntArray
        Index of the firm whose failure cost the firm most before it failed, -1 if none; shape (firm,).
    """

    labels: Labels
    round: IntArray
    cause: IntArray

    @property
    def has_failed(self) -> BoolArray:
        """True for firms that failed, shape (firm,)."""
        return np.asarray(self.round >= 0)

    @property
    def count(self) -> int:
        """Number of firms that failed."""
        return int(np.count_nonzero(self.has_failed))

    def in_order(self) -> list[Failure]:
        """Failures sorted by round, then in the order of the firms.

        >>> Failures(labels=("a", "b"), round=np.array([1, 0]), cause=np.array([1, -1])).in_order()[1]
        Failure(firm='a', round=1, cause='b')
        """
        failed = np.flatnonzero(self.has_failed)
        sequence = failed[np.argsort(self.round[failed], kind="stable")]
        return [
            Failure(
                firm=self.labels[int(firm)],
                round=int(self.round[firm]),
                cause=self.labels[int(self.cause[firm])] if self.cause[firm] >= 0 else None,
            )
            for firm in sequence
        ]


class LabelledOutcome:
    """Numbers by firm that can be read by label; results list their columns in ``columns``."""

    columns: ClassVar[tuple[str, ...]] = ()
    labels: Labels

    def as_columns(self) -> dict[str, AnyArray]:
        """All numbers by firm, ready for any frame: ``pandas.DataFrame(result.as_columns())``."""
        firms = np.empty(len(self.labels), dtype=object)
        firms[:] = list(self.labels)
        return {"firm": firms} | {name: np.asarray(getattr(self, name)) for name in self.columns}

    def by_label(self, column: str) -> dict[Hashable, float]:
        """One column as a mapping from label to number."""
        return dict(zip(self.labels, np.asarray(getattr(self, column)).tolist(), strict=True))

    def to_pandas(self) -> Any:
        """All numbers by firm as a pandas frame indexed by label; needs the extra ``frames``."""
        try:
            import pandas as pd
        except ImportError as error:
            raise missing_extra("frames", "a result as a pandas frame") from error
        return pd.DataFrame(self.as_columns()).set_index("firm")
