"""From a summary to one self-contained HTML file: no network, no dates of today, the same bytes for the same run."""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import jinja2
from markupsafe import Markup

from cardhouse.analysis.summary import Summary
from cardhouse.basics.errors import Problem, StoreError
from cardhouse.bubbles.page import PricePage
from cardhouse.casebook.case import Case
from cardhouse.report.view import View, build_view
from cardhouse.scenarios.scenario import Scenario

_HERE = Path(__file__).resolve().parent
ECHARTS = "echarts-6.1.0.min.js"


def render_report(
    summary: Summary,
    case: Case | None = None,
    scenarios: Sequence[Scenario] = (),
    prices: Sequence[PricePage] = (),
) -> str:
    """Return the report as HTML.

    Parameters
    ----------
    summary : Summary
        What the run says.
    case : Case, optional
        Names, money map and sources; the report goes without them otherwise.
    scenarios : sequence of Scenario
        What was done to the world, for the story and the table of shocks.
    prices : sequence of PricePage
        Price series of the user with their tests; each adds charts and tables to one section.

    Returns
    -------
    str
        A page that opens from disk. All text from files is escaped; scripts are allowed by their hash only, and a
        content security policy forbids every connection.
    """
    view = build_view(summary, case, scenarios, prices)
    script, echarts = _asset("report.js"), _asset(ECHARTS)
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            view=view,
            css=Markup(_asset("report.css")),  # noqa: S704 our own style sheet, no text from outside
            script=Markup(script),  # noqa: S704 our own script, no text from outside
            echarts=Markup(echarts),  # noqa: S704 the vendored library, no text from outside
            script_hashes=Markup(f"{_hash(echarts)} {_hash(script)}"),  # noqa: S704 base64 text only
            data=Markup(_json(view)),  # noqa: S704 JSON with every <, > and & written as an escape
        )
    )


def write_report(
    path: Path,
    summary: Summary,
    case: Case | None = None,
    scenarios: Sequence[Scenario] = (),
    prices: Sequence[PricePage] = (),
) -> Path:
    """Write the report to a file, completely or not at all, and return its path.

    Raises
    ------
    StoreError
        When the file cannot be written.
    """
    text = render_report(summary, case, scenarios, prices)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".report", suffix=".unfinished")
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as out:
            out.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError as reason:
        rule = f"the report cannot be written: {reason.strerror}"
        raise StoreError("", (Problem(file=str(path), rule=rule, remedy="choose another place"),)) from None
    return path


@functools.cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )


@functools.cache
def _asset(name: str) -> str:
    text = (_HERE / "assets" / name).read_text(encoding="utf-8")
    if "</script" in text.lower() or "</style" in text.lower():
        msg = f"the asset {name} would end its own element"
        raise ValueError(msg)
    return text


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
    return f"'sha256-{digest}'"


def _json(view: View) -> str:
    """Write the data of the charts so that no text in it can end the element that holds it."""
    record = {figure.id: {"kind": figure.kind, "data": dict(figure.data)} for figure in view.figures}
    text = json.dumps(record, ensure_ascii=True, allow_nan=False, separators=(",", ":"), sort_keys=True)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
