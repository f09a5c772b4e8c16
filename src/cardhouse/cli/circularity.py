"""``cardhouse circularity``: money loops and what they weigh, before any model."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cardhouse.cli.documents import head, print_json
from cardhouse.cli.reading import (
    DEFAULT_CASE,
    CaseName,
    Json,
    KnownOn,
    RunName,
    Tier,
    check_figure,
    read_case,
    read_run,
)

if TYPE_CHECKING:
    from cardhouse.analysis.circularity.bounds import Ranged
    from cardhouse.analysis.circularity.loops import MoneyLoop
    from cardhouse.analysis.circularity.report import Circularity
    from cardhouse.basics.arrays import FloatArray
    from cardhouse.casebook.case import Case
    from cardhouse.network.dollars import Dollars

SHOWN = 15


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("circularity")(circularity)


def circularity(  # noqa: PLR0913, PLR0917 one argument per option of the command
    case: CaseName = DEFAULT_CASE,
    known_on: KnownOn = None,
    tier: Tier = "all",
    length: Annotated[int, typer.Option("--length", help="Largest number of firms in a loop, 2 to 8.")] = 4,
    estimates: Annotated[
        bool, typer.Option("--estimates", help="Count orders that only the opening balances estimate, too.")
    ] = False,
    over_time: Annotated[
        bool, typer.Option("--over-time", help="As the evidence knew it at the end of each quarter since 2025Q3.")
    ] = False,
    run: RunName = "",
    draws: Annotated[int, typer.Option("--draws", help="With --run: how many of its draws.", min=1)] = 12,
    figure: Annotated[Path | None, typer.Option("--figure", help="With --run: draw into this .png or .svg.")] = None,
    as_json: Json = False,
) -> None:
    """Show money loops, how much money cycles, round trips, dependence on capital and wrong-way exposure."""
    from cardhouse.analysis.circularity.document import circularity_document
    from cardhouse.analysis.circularity.estimates import with_estimated_orders
    from cardhouse.analysis.circularity.report import measure_circularity
    from cardhouse.basics.errors import InputError, Problem

    check_figure(figure)
    if run:
        _tell_run(run, draws, figure, as_json=as_json)
        return
    if figure is not None:
        rule, remedy = "only the draws of a run are drawn", "name one with --run"
        raise InputError("", (Problem(file="--figure", value=str(figure), rule=rule, remedy=remedy),))
    found = read_case(case, known_on, tier)
    if over_time:
        _tell_vintages(case, found, length, as_json=as_json)
        return
    snapshot = with_estimated_orders(found.snapshot) if estimates else found.snapshot
    measures = measure_circularity(snapshot, length)
    if as_json:
        print_json({**head(found), "estimates": estimates, **circularity_document(measures)})
        return
    title = f"{found.title}: circular money, USD bn as known on {found.known_on}"
    _print_network(title, measures)
    _print_loops(measures)
    _print_pairs(measures)
    _print_dependence(measures)
    _print_wrong_way(measures)
    _print_limits(measures)


def _tell_vintages(name: str, case: Case, length: int, *, as_json: bool) -> None:
    from cardhouse.analysis.circularity.document import circularity_document
    from cardhouse.analysis.circularity.vintages import circularity_by_vintage
    from cardhouse.cli.tables import interval, print_line, print_table
    from cardhouse.network.instrument import View

    vintages = circularity_by_vintage(name, case, max_length=length)
    if as_json:
        documents = [{"known_on": day.known_on.isoformat(), **circularity_document(day.measures)} for day in vintages]
        print_json({**head(case), "vintages": documents})
        return
    rows: list[list[str]] = []
    wrong_way: dict[str, list[str]] = {}
    for place, vintage in enumerate(vintages):
        network = vintage.measures.networks[0]
        measures = (network.reciprocal_share, network.circular_share, network.cycling_index)
        loops = str(len(vintage.measures.loops))
        dollars = interval(network.dollars.value, network.dollars.low, network.dollars.high)
        rows.append([vintage.known_on.isoformat(), dollars, loops, *(_share(m) for m in measures)])
        for line in vintage.measures.wrong_way[View.HEADLINE]:
            cells = wrong_way.setdefault(line.supplier, ["–"] * len(vintages))
            cells[place] = _share(line.share)
    columns = ["known on", "headline, USD bn>", "loops>", "paid both ways>", "circular (Hodge)>", "cycling (Finn)>"]
    print_table(f"{case.title}: circular money over time", columns, rows)
    days = [f"{vintage.known_on.isoformat()}>" for vintage in vintages]
    lines = [[supplier, *cells] for supplier, cells in sorted(wrong_way.items())]
    print_table(
        "Wrong-way exposure: part of a supplier's backlog owed by firms it finances", ["supplier", *days], lines
    )
    print_line(
        "Each row reads the evidence as known that day; a change is a new contract or a new page, not a flow. Before "
        "the first opening balance a share is over the contracts named, later over the backlog the supplier reports."
    )


def _tell_run(name: str, count: int, figure: Path | None, *, as_json: bool) -> None:
    from cardhouse.analysis.circularity.of_draws import MEASURES, circularity_of_draws
    from cardhouse.analysis.circularity.of_draws_figure import draw_circularity
    from cardhouse.analysis.figure_file import source_of
    from cardhouse.analysis.history import inside_firms
    from cardhouse.cli.tables import print_line, print_table
    from cardhouse.simulation.progress import TerminalProgress

    experiment, stored = read_run(name, count)
    with TerminalProgress(experiment.scenario_name) as progress:
        found = circularity_of_draws(stored, inside_firms(experiment.case.snapshot), progress)
    title = f"Circular money in {experiment.scenario_name}, by simulated quarter"
    if as_json:
        print_json({**head(experiment.case), "scenario": experiment.scenario_name, **found.to_plain()})
    else:
        shown = range((len(found.quarters) - 1) % 4, len(found.quarters), 4)
        series = [*(100.0 * found.measure(measure) for measure in MEASURES), 100.0 * found.wrong_way(), found.loop_gain]
        rows = [[found.quarters[t], *(_band(of[:, t]) for of in series)] for t in shown]
        headings = [f"{words}, %>" for words in (*MEASURES.values(), "wrong way")]
        print_table(title, ["quarter", *headings, "loop gain>"], rows)
        quarters = [f"{found.quarters[t]}>" for t in shown]
        lines = [
            [supplier, *(_band(100.0 * found.wrong_way(supplier)[:, t]) for t in shown)]
            for k, supplier in enumerate(found.suppliers)
            if found.owed[:, :, k].any()
        ]
        print_table("Part of a supplier's backlog owed by firms it owns part of, %", ["supplier", *quarters], lines)
        print_line(
            f"Means over {len(found.payments)} draws of the run, made again bit for bit, with their range. Round trips "
            "are over eight quarters. A loop gain above one feeds itself, and starves itself on the way down."
        )
    if figure is not None:
        typer.echo(f"figure: {draw_circularity(found, title, figure, source_of(experiment.case))}", err=True)


def _band(values: FloatArray) -> str:
    """Write mean and range over draws; a dash where nothing is known.

    >>> import numpy as np
    >>> _band(np.array([20.0, 40.0, np.nan])), _band(np.array([1.0, 1.0])), _band(np.array([np.nan]))
    ('30 (20–40)', '1.00', '–')
    """
    known = [float(value) for value in values if math.isfinite(value)]
    if not known:
        return "–"
    digits = 0 if max(known) >= 10 else 2
    mean, low, high = (f"{of:.{digits}f}" for of in (sum(known) / len(known), min(known), max(known)))
    return mean if low == high else f"{mean} ({low}–{high})"


def _share(measure: Ranged) -> str:
    from cardhouse.cli.tables import percent

    return percent(measure.value, measure.low, measure.high)


def _dollars(amount: Dollars) -> str:
    from cardhouse.cli.tables import interval

    return interval(amount.value, amount.low, amount.high)


def _span(amount: Dollars) -> str:
    from cardhouse.cli.tables import span

    return span(amount.value, amount.low, amount.high)


def _print_network(title: str, measures: Circularity) -> None:
    from cardhouse.cli.tables import interval, print_table

    print_table(
        title,
        ("amounts", "all contracts>", "paid both ways>", "circular (Hodge)>", "cycling (Finn)>"),
        [
            (
                row.view.value,
                interval(row.dollars.value, row.dollars.low, row.dollars.high),
                _share(row.reciprocal_share),
                _share(row.circular_share),
                _share(row.cycling_index),
            )
            for row in measures.networks
        ],
    )


def _print_loops(measures: Circularity) -> None:
    from cardhouse.cli.tables import evidence, print_line, print_table
    from cardhouse.network.instrument import View

    loops = measures.loops
    if not loops:
        print_line(f"No loop of at most {measures.max_length} firms.\n")
        return
    print_table(
        f"{len(loops)} loops of at most {measures.max_length} firms: what can go round once (do not add them)",
        ("money runs", "headline>", "binding>", "if met>", "weakest link", "evidence"),
        [
            (
                _path(loop),
                _dollars(loop.dollars(View.HEADLINE)),
                _span(loop.dollars(View.BINDING)),
                _dollars(loop.dollars(View.CONDITIONAL)),
                f"{loop.weakest_edge.payer} → {loop.weakest_edge.payee}",
                evidence(loop.weakest_edge.strongest),
            )
            for loop in loops[:SHOWN]
        ],
    )
    if len(loops) > SHOWN:
        print_line(f"{len(loops) - SHOWN} smaller loops: --json has them all.")


def _path(loop: MoneyLoop) -> str:
    mark = "" if loop.is_financed else " (trade only)"
    return " → ".join(loop.firms) + " ↺" + mark


def _print_pairs(measures: Circularity) -> None:
    from cardhouse.cli.tables import print_table
    from cardhouse.network.instrument import View

    binding = {(row.financier, row.financed): row for row in measures.round_trips[View.BINDING]}
    rows = []
    for row in measures.round_trips[View.HEADLINE]:
        bound = binding.get((row.financier, row.financed))
        rows.append(
            (
                f"{row.financier} ⇄ {row.financed}",
                _dollars(row.financing),
                _dollars(row.purchases),
                _share(row.share_of_purchases),
                _share(row.share_of_orders),
                "0" if bound is None else _span(bound.matched),
            )
        )
    print_table(
        "Round trips: a seller that finances its customer",
        ("seller ⇄ customer", "gives>", "sells>", "given of sold>", "matched of all orders>", "matched, binding>"),
        rows,
    )


def _print_dependence(measures: Circularity) -> None:
    from cardhouse.cli.tables import print_table

    print_table(
        "Funding dependence: others' capital against promised payments, and the gap of the base quarter",
        ("firm", "capital>", "promised>", "capital of promised>", "quarter's outlays not covered>"),
        [
            (
                row.firm,
                _dollars(row.financing_in),
                _dollars(row.promised_out),
                _share(row.promised_share),
                _share(row.quarter_gap_share),
            )
            for row in measures.dependences[:SHOWN]
        ],
    )


def _print_wrong_way(measures: Circularity) -> None:
    from cardhouse.cli.tables import print_table
    from cardhouse.network.instrument import View

    binding = {row.supplier: row for row in measures.wrong_way[View.BINDING]}
    rows = []
    for row in measures.wrong_way[View.HEADLINE]:
        bound = binding.get(row.supplier)
        buyers = ", ".join(row.financed_buyers)
        share = "–" if bound is None else _share(bound.share)
        rows.append(
            (row.supplier, buyers, _dollars(row.owed), _dollars(row.backlog), _share(row.share), share, row.basis)
        )
    print_table(
        "Wrong-way exposure: the part of a supplier's backlog owed by firms it finances",
        ("supplier", "financed buyers", "they owe>", "backlog>", "share>", "binding>", "backlog is"),
        rows,
    )


def _print_limits(measures: Circularity) -> None:
    from cardhouse.cli.tables import print_line

    unknown = measures.networks[0].unknown_contracts
    left_out = ", ".join(f"{count} {reason.replace('_', ' ')}" for reason, count in measures.left_out.items())
    print_line(
        f"Contract totals over their whole life, not yearly flows. {measures.contracts} rows counted, {unknown} of "
        f"them of unknown size; left out: {left_out or 'none'}. Sales published only as a total over unnamed customers "
        "close no loop. A loop is neither good nor bad: the page on circularity says what each measure does not prove."
    )
