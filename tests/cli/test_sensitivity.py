"""What ``cardhouse sensitivity`` says of an outcome, also of one that never moves."""

from __future__ import annotations

import math
from dataclasses import replace

from cardhouse.analysis.sensitivity.groups import GroupIndex
from cardhouse.analysis.sensitivity.screening import Effect
from cardhouse.analysis.sensitivity.study import Study
from cardhouse.cli.sensitivity import outcome_lines

NAN = math.nan


def study(sizes: tuple[float, ...], agreed: float, totals: tuple[float, ...], trajectories: int = 4) -> Study:
    effects = tuple(
        Effect(
            parameter=f"p{k}",
            outcome="o",
            unit="u",
            size=size,
            mean=size,
            spread=0.0,
            error=0.0,
            trajectories=trajectories,
        )
        for k, size in enumerate(sizes)
    )
    indices = tuple(
        GroupIndex(
            group="news", outcome="o", first=of, first_low=of, first_high=of,
            total=of, total_low=of, total_high=of, draws=16 * (k + 1), moved=0 if math.isnan(of) else 16,
        )
        for k, of in enumerate(totals)
    )  # fmt: skip
    return Study(effects=effects, agreement={"o": agreed}, indices=indices, failed_draws=0)


def test_an_outcome_that_never_moves_is_said_to_be_so():
    lines = outcome_lines(study((0.0, 0.0, 0.0), NAN, (NAN, NAN)), "o")
    assert len(lines) == 2
    assert all("the outcome did not move" in line for line in lines)
    assert "nan" not in " ".join(lines)


def test_an_outcome_that_moves_in_one_half_alone_has_no_agreement_to_tell():
    lines = outcome_lines(study((0.5, 0.0, 0.0), NAN, (NAN, 0.4)), "o")
    assert "not moved at 16, 0.40 at 32" in lines[0]
    assert "cannot be compared" in lines[-1]
    assert "nan" not in " ".join(lines)


def test_an_outcome_that_moves_has_its_numbers():
    lines = outcome_lines(study((0.5, 0.2, 0.1), 0.87, (0.3, 0.4)), "o")
    assert "with interactions 0.40" in lines[0]
    assert [line.split()[0] for line in lines[2:5]] == ["p0", "p1", "p2"]
    assert lines[-1].endswith("rank correlation 0.87")


def test_one_trajectory_has_no_error_to_tell():
    lines = outcome_lines(study((0.5, 0.2), NAN, (0.3,), trajectories=1), "o")
    assert lines[2].split()[1:] == ["0.5,", "error", "unknown:", "one", "trajectory"]
    assert "nan" not in " ".join(lines)


def test_too_few_moved_rows_share_out_nothing():
    found = study((0.5, 0.2), 0.5, (NAN,))
    few = replace(found, indices=(replace(found.indices[0], moved=3),))
    assert outcome_lines(few, "o")[0].endswith("moved in 3 of 16 rows alone, too few to share its variance out")


def test_an_interval_without_ends_is_said_to_be_unknown():
    found = study((0.5, 0.2), 0.5, (0.3,))
    open_ended = replace(found, indices=(replace(found.indices[0], total_low=-math.inf, total_high=math.inf),))
    assert "with interactions 0.30 (interval unknown)" in outcome_lines(open_ended, "o")[0]
