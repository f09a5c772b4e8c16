"""What every contagion kernel must satisfy, whatever its model; kernels are found by listing the package."""

from __future__ import annotations

import importlib
import pkgutil
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.conformance.contagion_adapters import ADAPTERS, Adapter, World, make_world

import cardhouse.contagion

SHARED_ROOMS = {"orientation", "outcome"}
SEEDS = range(3)

every_kernel = pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.name)
every_seed = pytest.mark.parametrize("seed", SEEDS)


def close(left: np.ndarray, right: np.ndarray, scale: float) -> None:
    assert np.isfinite(left).all()
    assert np.isfinite(right).all()
    np.testing.assert_allclose(left, right, rtol=1e-8, atol=1e-9 * scale)


def size_of(world: World) -> float:
    return float(world.assets.sum())


def test_every_module_of_the_package_imports_and_every_kernel_is_tested():
    found = {module.name for module in pkgutil.iter_modules(cardhouse.contagion.__path__)}
    for name in pkgutil.walk_packages(cardhouse.contagion.__path__, "cardhouse.contagion."):
        importlib.import_module(name.name)
    assert found - SHARED_ROOMS == {adapter.kernel for adapter in ADAPTERS}


def test_the_import_contract_lists_every_kernel():
    settings = tomllib.loads((Path(__file__).resolve().parents[2] / "pyproject.toml").read_text())
    contract = next(c for c in settings["tool"]["importlinter"]["contracts"] if c["id"] == "kernels")
    assert {name.rsplit(".", 1)[1] for name in contract["modules"]} == {adapter.kernel for adapter in ADAPTERS}


@every_kernel
@every_seed
def test_no_shock_no_loss(adapter: Adapter, seed: int):
    world = make_world(seed).without_shock()
    close(adapter.loss(world), np.zeros(world.assets.size), size_of(world))


@every_kernel
@every_seed
def test_a_shock_is_felt_and_the_loss_is_at_most_assets_and_claims(adapter: Adapter, seed: int):
    world = make_world(seed)
    loss = adapter.loss(world)
    assert np.isfinite(loss).all()
    assert (loss >= -1e-9 * size_of(world)).all()
    assert (loss <= (world.assets + world.exposure.sum(axis=1)) * (1 + 1e-9)).all()
    own_and_claims = world.shock * world.assets + world.exposure.sum(axis=1)
    if adapter.kernel not in {"fire_sale", "cross_holdings", "compose", "reconstruction"}:
        assert (loss <= own_and_claims * (1 + 1e-9) + 1e-9).all()


@every_kernel
def test_the_shock_spreads_beyond_the_firms_it_hits(adapter: Adapter):
    spread = 0.0
    for seed in SEEDS:
        world = make_world(seed)
        spread += float(adapter.loss(world)[world.shock == 0.0].sum())
    assert spread > 1e-6


@every_kernel
@every_seed
def test_a_larger_shock_never_lowers_a_loss(adapter: Adapter, seed: int):
    if not adapter.has("monotone"):
        return
    world = make_world(seed)
    harder = replace(world, shock=np.minimum(1.0, 1.5 * world.shock + 0.01))
    assert (adapter.loss(harder) >= adapter.loss(world) - 1e-9 * size_of(world)).all()


def reordered(world: World, order: np.ndarray) -> World:
    return World(
        world.exposure[np.ix_(order, order)],
        world.assets[order],
        world.outside_debt[order],
        world.shock[order],
        world.classes[order],
    )


@every_kernel
@every_seed
def test_reordering_firms_reorders_losses(adapter: Adapter, seed: int):
    world = make_world(seed)
    order = np.random.default_rng(seed + 50).permutation(world.assets.size)
    close(adapter.loss(reordered(world, order)), adapter.loss(world)[order], size_of(world))


@every_kernel
@every_seed
def test_another_unit_of_money_scales_losses(adapter: Adapter, seed: int):
    world = make_world(seed)
    unit = 1234.5
    scaled = replace(
        world, exposure=unit * world.exposure, assets=unit * world.assets, outside_debt=unit * world.outside_debt
    )
    close(adapter.loss(scaled) / unit, adapter.loss(world), size_of(world))


def split(world: World, firm: int, part: float) -> World:
    """Split one firm into two with parts of its assets, claims and debts."""
    rows = np.vstack([world.exposure, (1 - part) * world.exposure[firm]])
    rows[firm] *= part
    table = np.hstack([rows, (1 - part) * rows[:, [firm]]])
    table[:, firm] *= part
    table[firm, -1] = table[-1, firm] = 0.0

    def extend(values: np.ndarray) -> np.ndarray:
        longer = np.append(values, (1 - part) * values[firm])
        longer[firm] *= part
        return longer

    return World(
        table,
        extend(world.assets),
        extend(world.outside_debt),
        np.append(world.shock, world.shock[firm]),
        np.vstack([world.classes, world.classes[firm]]),
    )


@every_kernel
@every_seed
def test_splitting_a_firm_in_two_changes_nothing(adapter: Adapter, seed: int):
    if not adapter.has("splitting"):
        return
    world = make_world(seed)
    firm = int(np.argmax(world.exposure.sum(axis=0) + world.exposure.sum(axis=1)))
    whole, parts = adapter.loss(world), adapter.loss(split(world, firm, 0.37))
    together = parts[:-1].copy()
    together[firm] += parts[-1]
    close(together, whole, size_of(world))


@every_kernel
@every_seed
def test_a_firm_without_claims_or_debts_changes_nothing(adapter: Adapter, seed: int):
    world = make_world(seed)
    firms = world.assets.size
    table = np.zeros((firms + 1, firms + 1))
    table[:firms, :firms] = world.exposure
    alone = World(
        table,
        np.append(world.assets, 1e-9),
        np.append(world.outside_debt, 0.0),
        np.append(world.shock, 0.0),
        np.vstack([world.classes, np.ones(3) / 3]),
    )
    loss = adapter.loss(alone)
    close(loss[:firms], adapter.loss(world), size_of(world))
    assert abs(loss[-1]) <= 1e-9


@every_kernel
@every_seed
def test_no_value_is_created(adapter: Adapter, seed: int):
    world = make_world(seed)
    if adapter.value is None:
        assert adapter.loss(world).sum() >= -1e-9
        return
    assert adapter.value(world) <= world.left.sum() * (1 + 1e-9)
    assert adapter.value(world.without_shock()) <= world.assets.sum() * (1 + 1e-9)


def test_the_single_hit_law_really_lacks_what_it_is_said_to_lack():
    exposure = np.zeros((3, 3))
    exposure[1, 0], exposure[2, 1] = 8.0, 8.0
    from cardhouse.contagion.debtrank import single_hit_debtrank

    clean = single_hit_debtrank(exposure, [4.0, 10.0, 9.0], [1.0, 0.0, 0.0]).stress[2]
    touched = single_hit_debtrank(exposure, [4.0, 10.0, 9.0], [1.0, 0.01, 0.0]).stress[2]
    assert touched < clean
