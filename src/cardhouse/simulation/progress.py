"""What is told while a run is at work: draws done, draws per second, time left, result codes."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn
from rich.text import Text


class Observer(Protocol):
    """Is told about the progress of a run."""

    def begin(self, draws: int, done: int) -> None:
        """Tell the number of draws, and how many are already in the store."""

    def advance(self, draws: int, codes: Mapping[int, int]) -> None:
        """Tell that a chunk of ``draws`` is finished and stored, with its result codes."""


class Silent:
    """Tells nobody."""

    def begin(self, draws: int, done: int) -> None:
        """Ignore the start."""

    def advance(self, draws: int, codes: Mapping[int, int]) -> None:
        """Ignore the step."""


class Pace:
    """Draws per second and time left, from what was computed now (not from what a resumed run found done).

    Examples
    --------
    >>> moments = iter([0.0, 2.0, 2.0])
    >>> pace = Pace(lambda: next(moments))
    >>> pace.begin(1000, 500)
    >>> pace.advance(100)
    >>> pace.per_second, pace.seconds_left
    (50.0, 8.0)
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.draws = self.done = self._computed = 0
        self._start = self._last = 0.0

    def begin(self, draws: int, done: int) -> None:
        """Start the clock."""
        self.draws, self.done, self._computed = draws, done, 0
        self._start = self._last = self._clock()

    def advance(self, draws: int) -> None:
        """Count finished draws."""
        self.done += draws
        self._computed += draws
        self._last = self._clock()

    @property
    def per_second(self) -> float:
        """Draws per second so far; 0 before the first."""
        elapsed = self._last - self._start
        return self._computed / elapsed if elapsed > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Seconds until the end at this pace; None when unknown."""
        return (self.draws - self.done) / self.per_second if self.per_second > 0 else None


class _PaceColumn(ProgressColumn):
    def __init__(self, pace: Pace) -> None:
        super().__init__()
        self._pace = pace

    def render(self, task: Task) -> Text:  # noqa: ARG002 the base class prescribes it
        """Write pace and time left."""
        left = self._pace.seconds_left
        if left is None:
            # the first chunk also pays for compilation, so no promise is made before it is back
            return Text("compiling or starting workers")
        return Text(f"{self._pace.per_second:,.0f} draws/s, {spell_seconds(left)} left")


def spell_seconds(seconds: float) -> str:
    """Write a duration for people.

    >>> spell_seconds(7.4), spell_seconds(125), spell_seconds(7300)
    ('7 s', '2 min 05 s', '2 h 01 min')
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


class TerminalProgress:
    """A progress bar on standard error; nothing at all when that is not a terminal."""

    def __init__(self, title: str, names: Mapping[int, str] | None = None, console: Console | None = None) -> None:
        self._names = names or {}
        self._pace = Pace()
        self._codes: Counter[int] = Counter()
        self._console = console or Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,}/{task.total:,}"))
        codes = TextColumn("{task.fields[codes]}")
        quiet = not self._console.is_terminal
        pace = _PaceColumn(self._pace)
        self._bar = Progress(*columns, pace, codes, console=self._console, transient=True, disable=quiet)
        self._task = self._bar.add_task(title, total=0, codes="")

    def __enter__(self) -> Self:
        """Show the bar."""
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the bar."""
        self._bar.stop()

    def stopping(self) -> None:
        """Say that a Ctrl-C was heard and what happens now."""
        self._console.print("stopping after the chunks at work; Ctrl-C again ends at once", highlight=False)

    def begin(self, draws: int, done: int) -> None:
        """Set the length of the bar."""
        self._pace.begin(draws, done)
        self._bar.update(self._task, total=draws, completed=done)

    def advance(self, draws: int, codes: Mapping[int, int]) -> None:
        """Move the bar and show result codes other than ok."""
        self._pace.advance(draws)
        self._codes.update(codes)
        self._bar.update(self._task, advance=draws, codes=spell_codes(self._codes, self._names))


def spell_codes(codes: Mapping[int, int], names: Mapping[int, str]) -> str:
    """Write result codes other than 0 with their counts.

    >>> spell_codes({0: 90, 3: 10}, {3: "not_converged"})
    '10 draws not_converged'
    """
    return ", ".join(
        f"{count} draws {names.get(code, f'code {code}')}" for code, count in sorted(codes.items()) if code
    )
