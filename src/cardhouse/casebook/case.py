"""A case as read on one day: facts, network, priors, and what they rest on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from cardhouse.basics.errors import CaseError
from cardhouse.basics.quarter import Quarter
from cardhouse.casebook.opening import OpeningRow
from cardhouse.casebook.priors import Prior
from cardhouse.facts.fact import Fact
from cardhouse.facts.register import Register
from cardhouse.facts.relation import LeftOut, Relation
from cardhouse.facts.vocabulary import Dating, TierFilter
from cardhouse.model.parameters import ParameterSet
from cardhouse.network.entity import Entity
from cardhouse.network.snapshot import NetworkSnapshot


@dataclass(frozen=True, kw_only=True)
class Case:
    """A case as known on a day.

    Parameters
    ----------
    name, title, kind : str
        Identifier, one line for people, and ``evidence`` or ``teaching``.
    known_on : date
        The day of the reading; nothing in it was known later.
    newest_day : date
        The last day on which anything in the case became known.
    tier : TierFilter
        Which tiers the reading uses.
    base_quarter : Quarter, optional
        The last quarter whose opening figures were known on the day; None when the case has no opening balance.
    all_facts : Register
        Every fact of the case, whatever the day and tier.
    register : Register
        The facts of this reading.
    relations : tuple of Relation
        Every contract of the case.
    entities : tuple of Entity
        Every entity, those included that are nobody (prices, indices).
    opening : tuple of OpeningRow
        The opening rows of the base quarter in this reading.
    prior_rows : tuple of Prior
        The rows of the parameter ranges in this reading, with reason and source.
    fact_uses : mapping of str to tuple of str
        For each fact, where the case uses it, whatever the day.
    digest : str
        Hash of all files of the case.
    notes : tuple of str
        What a reader must know about this reading.
    first_opening : date, optional
        First day from which the case has an opening balance.
    footprint : mapping of str to Fact
        Facts that turn capacity in use into electricity and water, by the words of ``case.yaml``; empty when the case
        has none or this reading leaves one of them out.
    """

    name: str
    title: str
    kind: str
    known_on: dt.date
    newest_day: dt.date
    tier: TierFilter
    base_quarter: Quarter | None
    all_facts: Register
    register: Register
    relations: tuple[Relation, ...]
    entities: tuple[Entity, ...]
    opening: tuple[OpeningRow, ...]
    prior_rows: tuple[Prior, ...] = ()
    fact_uses: Mapping[str, tuple[str, ...]]
    digest: str
    notes: tuple[str, ...] = ()
    first_opening: dt.date | None = None
    footprint: Mapping[str, Fact] = field(default_factory=dict)
    _snapshot: NetworkSnapshot = field(repr=False)
    _priors: ParameterSet | None = field(repr=False)

    @property
    def snapshot(self) -> NetworkSnapshot:
        """The financial network of this reading."""
        return self._snapshot

    @property
    def priors(self) -> ParameterSet:
        """The ranges of the model's parameters.

        Raises
        ------
        CaseError
            When the case has none: it holds facts and a network, and cannot be run.
        """
        if self._priors is None:
            raise CaseError(
                f"case '{self.name}' has facts and a network but no parameter ranges (priors.csv), so it cannot be "
                f"run: ask it about its network, for example: cardhouse circularity --case {self.name}"
            )
        return self._priors

    def require_opening(self) -> Quarter:
        """Return the base quarter, or raise CaseError when no opening balance was known on the day."""
        if self.base_quarter is None:
            since = (
                "it has none at all" if self.first_opening is None else f"the first is known from {self.first_opening}"
            )
            raise CaseError(f"case '{self.name}' has no opening balance known on {self.known_on}; {since}")
        return self.base_quarter

    @property
    def has_priors(self) -> bool:
        """Tell whether the case can be run as far as parameters go."""
        return self._priors is not None

    def reason_unused(self, fact_id: str) -> str | None:
        """Return the typed reason why nothing rests on a fact; None when something does."""
        if self.fact_uses.get(fact_id):
            return None
        left_out = self._left_out.get(fact_id)
        if left_out is not None:
            return left_out.value
        fact = self.all_facts.get(fact_id)
        return None if fact.unused is None else fact.unused.value

    @cached_property
    def _left_out(self) -> Mapping[str, LeftOut]:
        pairs = ((relation.fact.id, relation.left_out()) for relation in self.relations)
        return {name: reason for name, reason in pairs if reason is not None}

    @property
    def vouched(self) -> tuple[str, ...]:
        """Facts of this reading that were public on the day although the page seen is dated later."""
        return tuple(fact.id for fact in self.register if fact.dating is Dating.VOUCHED)
