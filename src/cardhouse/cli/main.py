"""The ``cardhouse`` command: collects the commands of this package and turns errors of the user into exit code 2."""

from __future__ import annotations

import importlib
import sys
from typing import Annotated

import typer

from cardhouse import __version__
from cardhouse.basics.errors import CardhouseError

# Each module of this list has a function ``register(app)`` that adds its command. It imports the floors below only
# inside the command, so that ``--help`` stays fast.
COMMAND_MODULES: tuple[str, ...] = (
    "bubbles",
    "circularity",
    "cite",
    "compare",
    "counterfactual",
    "exposure",
    "facts",
    "ledger",
    "network",
    "reverse",
    "run",
    "runs",
    "scenarios",
    "sensitivity",
    "together",
    "trace",
)

app = typer.Typer(
    name="cardhouse",
    help="A stress-test engine for circularly financed sectors.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"cardhouse {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, help="Print the version and leave.", is_eager=True)
    ] = False,
) -> None:
    """Take the options that stand before any command."""


for _module in COMMAND_MODULES:
    importlib.import_module(f"cardhouse.cli.{_module}").register(app)


def run() -> None:
    """Run the command line; bad input ends with one clear message and exit code 2."""
    try:
        app(prog_name="cardhouse")
    except CardhouseError as error:
        typer.echo(f"cardhouse: {error}", err=True)
        sys.exit(2)
