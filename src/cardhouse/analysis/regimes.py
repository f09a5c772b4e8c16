"""Which kind of world a draw was: the labels that the model computes afterwards, counted, with the rule of each.

Nothing in the model is switched on by a label. The rules are tried in the order written here; the first to fit counts.
"""

from __future__ import annotations

from cardhouse.analysis.bands import good_draws, has_draws, share_of
from cardhouse.analysis.records import RegimeShare
from cardhouse.model.regimes import REGIMES
from cardhouse.simulation.results import Run

RULES: dict[str, str] = {
    "funding run": "two or more firms default within four quarters that would have survived had their financiers "
    "looked at fundamentals only, while capacity is used above 0.75",
    "dark fibre": "capacity is used below 0.65 for four quarters, the rental price falls more than 30 % below its "
    "long-run cost, and two or more firms are insolvent",
    "soft landing": "no firm defaults; the part of AI revenue paid by end users rises by 10 points or more; capital "
    "spending of the last year stays below 0.9 of earnings; market value never falls 30 % below its peak",
    "plateau": "end-user spending grows less than 10 % in some year, capital spending falls by more than a quarter "
    "from its peak, and no more than one firm that was listed at the start defaults",
    "melt-up": "none of the above; within eight quarters the share index rises more than 40 % above its highest value "
    "so far, and more firms are in Ponzi finance (with commitments counted as debt service) than before",
    "none": "no rule fits",
}


def regime_shares(run: Run) -> tuple[RegimeShare, ...]:
    """Return how often each label fits, in the order in which the rules are tried; empty when the run has no labels."""
    if not has_draws(run, "regime"):
        return ()
    labels = good_draws(run, "regime")
    per_row = run.sampling.news_per_row
    return tuple(
        RegimeShare(regime=_plain(name), rule=rule, share=share_of(labels == REGIMES.index(name), per_row))
        for name, rule in RULES.items()
    )


def _plain(name: str) -> str:
    return "none of these" if name == "none" else name
