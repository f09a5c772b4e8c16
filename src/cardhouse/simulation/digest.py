"""Hashes of inputs and of source text: what a result depends on, as one short word."""

from __future__ import annotations

import dataclasses
import enum
import functools
import hashlib
import importlib.metadata
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

import numpy as np

_PACKAGE = Path(__file__).resolve().parent.parent
_FLOORS = ("basics", "contagion", "facts", "network", "scenarios", "model", "simulation")
NUMERICAL_LIBRARIES = ("numpy", "scipy", "numba", "llvmlite")


def digest_of(value: Any) -> str:
    """Hash plain values, arrays, named tuples, dataclasses and nestings of them; equal content gives an equal hash.

    Raises
    ------
    TypeError
        For a value whose content cannot be told, such as a function or an open file.

    Examples
    --------
    >>> digest_of({"b": 1.0, "a": (2, "x")}) == digest_of({"a": (2, "x"), "b": 1.0})
    True
    >>> digest_of(np.arange(3)) == digest_of(np.arange(4))
    False
    """
    hasher = hashlib.blake2b(digest_size=16)
    _feed(hasher, value)
    return hasher.hexdigest()


def _feed(hasher: Any, value: Any) -> None:
    if isinstance(value, np.ndarray):
        hasher.update(f"array {value.dtype.descr} {value.shape};".encode())
        hasher.update(np.ascontiguousarray(value).tobytes())
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        _feed_mapping(hasher, {item.name: getattr(value, item.name) for item in dataclasses.fields(value)}, value)
    elif isinstance(value, Mapping):
        _feed_mapping(hasher, value, {})
    elif isinstance(value, AbstractSet):
        _feed_sequence(hasher, "set", sorted(value, key=repr))
    elif isinstance(value, list | tuple):
        _feed_sequence(hasher, "sequence", value)
    else:
        hasher.update(_scalar(value))


def _feed_mapping(hasher: Any, mapping: Mapping[Any, Any], owner: object) -> None:
    hasher.update(f"{type(owner).__name__} {len(mapping)};".encode())
    for key in sorted(mapping, key=repr):
        hasher.update(f"{key!r}:".encode())
        _feed(hasher, mapping[key])


def _feed_sequence(hasher: Any, kind: str, items: Any) -> None:
    hasher.update(f"{kind} {len(items)};".encode())
    for item in items:
        _feed(hasher, item)


def _scalar(value: Any) -> bytes:
    if isinstance(value, enum.Enum):
        return f"{type(value).__name__}.{value.name};".encode()
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool | int | float | str | bytes):
        return f"{type(value).__name__} {value!r};".encode()
    if hasattr(value, "isoformat") or isinstance(value, Path):
        return f"{type(value).__name__} {value};".encode()
    msg = f"the content of a {type(value).__name__} cannot be hashed"
    raise TypeError(msg)


@functools.cache
def code_digest() -> str:
    """Hash the source text of every floor that decides a result."""
    hasher = hashlib.blake2b(digest_size=16)
    for name in _FLOORS:
        for source in sorted((_PACKAGE / name).rglob("*.py")):
            hasher.update(source.relative_to(_PACKAGE).as_posix().encode() + b"\0")
            hasher.update(source.read_bytes() + b"\0")
    return hasher.hexdigest()


@functools.cache
def library_versions() -> dict[str, str]:
    """Return the versions of the libraries whose arithmetic enters a result.

    >>> sorted(library_versions())
    ['llvmlite', 'numba', 'numpy', 'scipy']
    """
    versions = {}
    for name in NUMERICAL_LIBRARIES:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            versions[name] = "absent"
    return versions
