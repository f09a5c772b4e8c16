"""The compiler's door: the only module that knows Numba.

The same text runs compiled or as plain Python. ``CARDHOUSE_COMPILE=0`` in the environment gives plain Python, for
debugging one draw with a debugger. Compiled code releases the interpreter lock, never raises, never uses fast-math.

Numba keys its disk cache by the entry function's own file and would not notice a change in a function that it calls.
The cache folder is therefore keyed by a hash of all source text that the entry may call.
"""

from __future__ import annotations

import functools
import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, overload

F = TypeVar("F", bound=Callable[..., Any])

_PACKAGE = Path(__file__).resolve().parent.parent
_SELF_CONTAINED = {"basics", "contagion", "bubbles"}


def compiling() -> bool:
    """Tell whether functions are compiled, or run as plain Python because ``CARDHOUSE_COMPILE=0``."""
    return os.environ.get("CARDHOUSE_COMPILE", "1") != "0"


@overload
def compiled(function: F) -> F: ...
@overload
def compiled(*, cache: bool = False) -> Callable[[F], F]: ...
def compiled(function: F | None = None, *, cache: bool = False) -> F | Callable[[F], F]:
    """Compile a function of numbers and arrays to machine code.

    Parameters
    ----------
    function : callable, optional
        The function, when used as a plain decorator.
    cache : bool
        Keep the machine code on disk between processes. Set it on entry points only: functions that an entry point
        calls are stored with it.

    Returns
    -------
    callable
        The compiled function, or ``function`` itself under ``CARDHOUSE_COMPILE=0``.

    Examples
    --------
    >>> @compiled
    ... def double(x: float) -> float:
    ...     return 2.0 * x
    >>> double(1.5)
    3.0
    """
    if function is None:
        return lambda inner: _compile(inner, cache=cache)
    return _compile(function, cache=cache)


def compile_for(function: Callable[..., Any], *examples: object) -> None:
    """Compile a function for arguments like the examples, without calling it; nothing happens in plain Python.

    Parameters
    ----------
    function : callable
        Made by :func:`compiled`.
    *examples : object
        One value per argument; only their types matter.
    """
    if compiling():
        import numba

        function.compile(tuple(numba.typeof(example) for example in examples))  # type: ignore[attr-defined]  # a compiled function


def is_on_disk(function: Callable[..., Any]) -> bool:
    """Tell whether machine code of an entry point is in memory or in the cache on disk, or none is needed."""
    if not compiling() or getattr(function, "signatures", None):
        return True
    folder = _cache_folder(_package_of(function.__module__))
    return any(folder.rglob(f"*.{function.__name__}-*.nbi"))


def _compile(function: F, *, cache: bool) -> F:
    if not compiling():
        return function
    import numba

    if not cache:
        result: F = numba.njit(nogil=True, error_model="numpy", no_cfunc_wrapper=True)(function)
        return result
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(_cache_folder(_package_of(function.__module__)))
    try:
        entry: F = numba.njit(nogil=True, error_model="numpy", no_cfunc_wrapper=True, cache=True)(function)
    finally:
        numba.config.CACHE_DIR = before
    return entry


def _package_of(module: str) -> str:
    parts = module.split(".")
    return parts[1] if parts[0] == "cardhouse" and len(parts) > 1 else ""


@functools.cache
def _cache_folder(package: str) -> Path:
    """Name the folder of compiled code for one package, by the hash of all text its functions may call."""
    packages = (
        {"basics", package} if package in _SELF_CONTAINED else {"basics", "contagion", "scenarios", "model", package}
    )
    digest = hashlib.sha256()
    for name in sorted(packages - {""}):
        for source in sorted((_PACKAGE / name).rglob("*.py")):
            digest.update(source.relative_to(_PACKAGE).as_posix().encode())
            digest.update(source.read_bytes())
    folder = _cache_root() / f"{package or 'scripts'}-{digest.hexdigest()[:16]}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _cache_root() -> Path:
    base = os.environ.get("CARDHOUSE_CACHE") or os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    root = Path(base) / "cardhouse" / "compiled"
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError:
        root = Path(tempfile.gettempdir()) / f"cardhouse-compiled-{os.getuid() if hasattr(os, 'getuid') else 'user'}"
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
    return root
