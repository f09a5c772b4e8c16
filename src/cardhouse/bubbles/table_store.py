"""Keeping simulated tables on disk: one file for each setting, written whole or not at all, checked when read."""

from __future__ import annotations

import functools
import hashlib
import os
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

import numpy as np

from cardhouse.basics.arrays import AnyArray

FIELDS = ("adf", "sadf", "gsadf", "bsadf_path", "sadf_path", "longest_run")
_HERE = Path(__file__).resolve().parent
_KERNELS = (
    _HERE / "scan.py",
    _HERE / "simulate.py",
    _HERE / "critical_values.py",
    _HERE.parent / "basics" / "streams.py",
)


@functools.cache
def kernel_digest() -> str:
    """Hash the text of the kernels, so that a table of another version is never taken for one of this version."""
    digest = hashlib.sha256()
    for source in _KERNELS:
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def folder() -> Path:
    """Name the folder of simulated tables, below ``CARDHOUSE_CACHE`` or the user's cache folder."""
    base = os.environ.get("CARDHOUSE_CACHE") or os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "cardhouse" / "bubbles"


def load(key: str) -> dict[str, AnyArray] | None:
    """Read a table, or give None when it is absent or damaged."""
    path = folder() / f"{key}.npz"
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in FIELDS}
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, EOFError):
        return None
    finite = all(bool(np.isfinite(array).all()) and array.size for array in arrays.values())
    return arrays if finite else None


def load_array(key: str) -> AnyArray | None:
    """Read a single array, or give None when it is absent or damaged."""
    try:
        with (folder() / f"{key}.npy").open("rb") as file:
            array: AnyArray = np.load(file, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return array if array.size and bool(np.isfinite(array).all()) else None


def save_array(key: str, array: AnyArray) -> None:
    """Write a single array."""
    _write(folder() / f"{key}.npy", lambda part: np.save(part, array))


def save(key: str, arrays: dict[str, AnyArray]) -> None:
    """Write a table; a folder that cannot be written only costs the next run its simulation."""
    # the stub mistakes the arrays for the flag
    _write(folder() / f"{key}.npz", lambda part: np.savez_compressed(part, **arrays))  # type: ignore[arg-type]  # see the line above


def _write(target: Path, put: Callable[[IO[bytes]], None]) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, suffix=".part")
        with os.fdopen(handle, "wb") as part:
            put(part)
        Path(name).replace(target)
    except OSError:
        return
