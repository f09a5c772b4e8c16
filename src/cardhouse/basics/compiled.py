"""The compiler's door: the only module that knows Numba.

The same text runs compiled or as plain Python. ``CARDHOUSE_COMPILE=0`` in the environment gives plain Python, for
debugging one draw with a debugger. Compiled code releases the interpreter lock, never raises, and never uses fast-math,
but for checks that say that their sums may be taken in any order.

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
def compiled(*, cache: bool = False, inline: bool = False, any_order: bool = False) -> Callable[[F], F]: ...
def compiled(
    function: F | None = None, *, cache: bool = False, inline: bool = False, any_order: bool = False
) -> F | Callable[[F], F]:
    """Compile a function of numbers and arrays to machine code.

    Parameters
    ----------
    function : callable, optional
        The function, when used as a plain decorator.
    cache : bool
        Keep the machine code on disk between processes. Set it on entry points only: functions that an entry point
        calls are stored with it.
    inline : bool
        Put the code into each caller. For small steps with many arrays: handing over 25 arrays costs as much as the
        arithmetic on a hundred numbers.
    any_order : bool
        Let sums be taken in any order, so that several numbers are added at once. The last digit then depends on the
        processor: for residuals that are held against a tolerance, never for what the model goes on with.

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
        return lambda inner: _compile(inner, cache=cache, inline=inline, any_order=any_order)
    return _compile(function, cache=cache, inline=inline, any_order=any_order)


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


def prefetch(array: Any, index: int) -> None:
    """Ask for the cache line of an element that will be needed a little later; a hint, without any effect on results.

    For loops that go to random places which are known some steps ahead. The element is not read, so that an index
    outside the array is harmless. Nothing happens in plain Python.

    Parameters
    ----------
    array : array
        Contiguous.
    index : int
        The element, counted as the elements lie in memory.

    Examples
    --------
    >>> import numpy as np
    >>> @compiled
    ... def total(values: np.ndarray, order: np.ndarray) -> float:
    ...     result = 0.0
    ...     for step in range(order.size):
    ...         prefetch(values, order[min(step + 8, order.size - 1)])
    ...         result += values[order[step]]
    ...     return result
    >>> total(np.array([1.0, 2.0, 4.0]), np.array([2, 0]))
    5.0
    """


def as_index(number: int) -> int:
    """Promise that a whole number is an index counted from the front, so that it needs no test for the other kind.

    For numbers read from arrays in the innermost loops; a loop's own counter needs no promise. A broken promise goes
    unnoticed in compiled code. In plain Python the number is returned as it is.

    Parameters
    ----------
    number : int
        Not negative, and below 2**32.

    Examples
    --------
    >>> import numpy as np
    >>> @compiled
    ... def count(places: np.ndarray, found: np.ndarray) -> None:
    ...     for place in places:
    ...         found[as_index(place)] += 1
    >>> found = np.zeros(3, dtype=np.int64)
    >>> count(np.array([2, 0, 2]), found)
    >>> found
    array([1, 0, 2])
    """
    return number


def lowest_bit(bits: int) -> int:
    """Return the place of the lowest bit that is set: the first member of a set of small numbers kept as bits.

    Such a set takes one number, and a loop over it goes straight from member to member, in order.

    Parameters
    ----------
    bits : int
        Not zero; bit `k` is set for every member `k`, 0 to 62.

    Examples
    --------
    >>> import numpy as np
    >>> @compiled
    ... def total(values: np.ndarray, members: int) -> float:
    ...     result, left = 0.0, members
    ...     while left != 0:
    ...         result += values[lowest_bit(left)]
    ...         left &= left - 1  # takes out the lowest bit
    ...     return result
    >>> total(np.array([1.0, 2.0, 4.0]), 0b101)
    5.0
    """
    return int(bits & -bits).bit_length() - 1


@functools.cache
def _teach_hints() -> None:
    """Give `prefetch` and `as_index` their meaning in compiled code: LLVM's ``prefetch`` and ``assume``."""
    import numba
    from llvmlite import ir  # type: ignore[import-untyped]  # Numba's own code generator, without types
    from numba.extending import intrinsic, overload

    @intrinsic
    def touch(_context: Any, array: Any, index: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            view = context.make_array(signature.args[0])(context, builder, arguments[0])
            where, number = builder.gep(view.data, [arguments[1]]), ir.IntType(32)
            kind = ir.FunctionType(ir.VoidType(), [where.type, number, number, number])
            # for reading, to be kept near, data
            hint = builder.module.declare_intrinsic("llvm.prefetch", (where.type,), kind)
            builder.call(hint, [where, number(0), number(3), number(1)])
            return context.get_dummy_value()

        return numba.typeof(None)(array, index), generate

    @intrinsic
    def promise(_context: Any, number: Any) -> Any:
        def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            low, whole = ir.IntType(32), arguments[0].type
            # costs nothing for a number that comes from memory: its lower half is loaded
            return builder.zext(builder.trunc(arguments[0], low), whole)

        return number(number), generate

    @overload(prefetch)
    def compiled_prefetch(array: Any, index: Any) -> Any:  # noqa: ARG001 Numba wants the names of `prefetch`
        def hint(array: Any, index: Any) -> None:
            touch(array, index)  # type: ignore[call-arg]  # the context is Numba's

        return hint

    @overload(as_index)
    def compiled_as_index(number: Any) -> Any:  # noqa: ARG001 Numba wants the name of `as_index`
        def hint(number: Any) -> Any:
            return promise(number)  # type: ignore[call-arg]  # the context is Numba's

        return hint


@functools.cache
def _teach_sets() -> None:
    """Give `lowest_bit` its meaning in compiled code: one instruction that counts the zeros behind the lowest bit."""
    from llvmlite import ir
    from numba.extending import intrinsic, overload

    @intrinsic
    def zeros_behind(_context: Any, bits: Any) -> Any:
        def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            # the second argument promises that the number is not zero
            return builder.cttz(arguments[0], ir.IntType(1)(1))

        return bits(bits), generate

    @overload(lowest_bit)
    def compiled_lowest_bit(bits: Any) -> Any:  # noqa: ARG001 Numba wants the name of `lowest_bit`
        def place(bits: Any) -> Any:
            return zeros_behind(bits)  # type: ignore[call-arg]  # the context is Numba's

        return place


def _compile(function: F, *, cache: bool, inline: bool, any_order: bool) -> F:
    if not compiling():
        return function
    import numba

    _teach_hints()
    _teach_sets()
    if not cache:
        options = {"forceinline": inline, "fastmath": {"reassoc"} if any_order else False}
        result: F = numba.njit(nogil=True, error_model="numpy", no_cfunc_wrapper=True, **options)(function)
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
