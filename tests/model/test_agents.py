"""Lists of agents by role: they hold what the roles and the contracts of the default case say, and nothing else."""

from __future__ import annotations

import numpy as np
from validation.worlds import case_setup, copy_of_world

from cardhouse.model.agents import GIVER_ROLES, list_by_role
from cardhouse.model.world import AgentRole


def test_the_lists_follow_from_the_roles():
    w = copy_of_world(case_setup())
    role = w.role[: w.firms]
    assert [int(i) for i in np.flatnonzero(np.isin(role, GIVER_ROLES))] == list(range(w.givers))
    assert w.laboratory[: w.laboratories].tolist() == np.flatnonzero(role == AgentRole.LABORATORY).tolist()
    assert [int(w.slot[lab]) for lab in w.laboratory[: w.laboratories]] == list(range(w.laboratories))
    assert (w.slot[: w.agents] >= 0).sum() == w.laboratories > 1
    sponsors = np.flatnonzero(role == AgentRole.EQUITY_SPONSOR).tolist()
    assert w.sponsor[: w.sponsors].tolist() == sponsors != []
    assert w.investor[: w.investors].tolist() == [*range(w.givers), *sponsors]
    leased = [r for r in range(w.relations) if w.role[w.seller[r]] == AgentRole.VEHICLE]
    assert w.site_lease[: w.site_leases].tolist() == leased != []
    orders = [i for i in range(w.firms) if role[i] in (AgentRole.PLATFORM, AgentRole.LEVERAGED_CLOUD)]
    orders += [lab for lab in w.laboratory[: w.laboratories].tolist() if w.capacity[lab] > 0.0]
    assert w.builder[: w.builders].tolist() == orders != []
    bought = [r for r in range(w.relations) if w.role[w.buyer[r]] == AgentRole.LABORATORY]
    assert w.lab_relation[: w.lab_relations].tolist() == bought != []


def test_a_change_of_roles_changes_the_lists():
    w = copy_of_world(case_setup())
    before = int(w.laboratories)
    w.role[w.laboratory[0]] = AgentRole.VEHICLE
    list_by_role(w)
    assert w.laboratories == before - 1
    assert (w.slot >= 0).sum() == before - 1
