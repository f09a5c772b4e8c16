"""Distributions of many variables as a handful of arrays, so that a file of them has few members.

Variables stand one after another in every array; ``names`` and ``cells`` say where each one ends.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from cardhouse.basics.arrays import AnyArray
from cardhouse.simulation.atomic import explained
from cardhouse.simulation.sketch import Sketch


def arrays_of(sketches: Mapping[str, Sketch]) -> dict[str, AnyArray]:
    """Join distributions into arrays for a file.

    >>> from cardhouse.simulation.sketch import SketchTotal
    >>> total = SketchTotal(2)
    >>> total.count(np.array([[1.0, 2.0], [1.0, 3.0]]))
    >>> found = arrays_of({"cash": total.sketch()})
    >>> found["names"].tolist(), found["cells"].tolist(), found["counts"].dtype
    (['cash'], [2], dtype('uint8'))
    """
    parts = list(sketches.values())
    return {
        "names": np.array(list(sketches), dtype=np.str_),
        "cells": np.array([part.first.size for part in parts], dtype=np.int64),
        "first": np.concatenate([part.first for part in parts]).astype(np.int16),
        "length": np.concatenate([part.length for part in parts]).astype(np.int16),
        "counts": np.concatenate([part.counts for part in parts]),
        "unknown": np.concatenate([part.unknown for part in parts]),
        "minimum": np.concatenate([part.minimum for part in parts]),
        "maximum": np.concatenate([part.maximum for part in parts]),
    }


def read_sketches(path: Path) -> dict[str, Sketch]:
    """Read the distributions of all variables of a file."""
    with explained(path), np.load(path, allow_pickle=False) as archive:
        whole = {name: archive[name] for name in archive.files}
    first, length = whole["first"].astype(np.int64), whole["length"].astype(np.int64)
    ends = [0, *np.cumsum(whole["cells"]).tolist()]
    bins = np.concatenate([[0], np.cumsum(length)])
    return {
        str(name): Sketch(
            first=first[begin:end],
            length=length[begin:end],
            counts=whole["counts"][bins[begin] : bins[end]],
            unknown=whole["unknown"][begin:end],
            minimum=whole["minimum"][begin:end],
            maximum=whole["maximum"][begin:end],
        )
        for name, (begin, end) in zip(whole["names"], itertools.pairwise(ends), strict=True)
    }
