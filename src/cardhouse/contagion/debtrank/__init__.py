"""DebtRank: losses that pass from debtor to creditor before anyone defaults.

Stress ``h`` of a firm is the share of its equity that is lost, between 0 and 1. A creditor marks a claim down as soon
as its debtor is stressed. Three laws are offered, each as its own function:

=================================  ====================================================================
:func:`single_hit_debtrank`        each firm passes its stress on once (Battiston et al. 2012)
:func:`debtrank`                   every new loss is passed on, cycles included (Bardoscia et al. 2015)
:func:`nonlinear_debtrank`         small stress hardly marks a claim down (Bardoscia et al. 2016)
=================================  ====================================================================
"""

from cardhouse.contagion.debtrank.laws import DebtRankOutcome, debtrank, nonlinear_debtrank, single_hit_debtrank

__all__ = ["DebtRankOutcome", "debtrank", "nonlinear_debtrank", "single_hit_debtrank"]
