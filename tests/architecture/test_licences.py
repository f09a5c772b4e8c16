"""No copyleft program is a dependency: the installed distributions of the run lock are read, not a list of ours."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COPYLEFT = re.compile(r"\b(A?GPL|GNU (Affero )?General Public)\b", re.IGNORECASE)


def licence_text(name: str) -> str:
    metadata = distribution(name).metadata
    fields = [metadata.get("License-Expression") or "", (metadata.get("License") or "").split("\n")[0]]
    fields += [value for key, value in metadata.items() if key == "Classifier" and value.startswith("License")]
    return " | ".join(fields)


def locked(lock: str) -> list[str]:
    return re.findall(r"^([A-Za-z0-9_.\-]+)==", (ROOT / "requirements" / lock).read_text(), flags=re.MULTILINE)


def test_the_pattern_catches_a_copyleft_licence_and_spares_the_lesser_one() -> None:
    assert COPYLEFT.search("GPL-3.0-or-later")
    assert COPYLEFT.search("License :: OSI Approved :: GNU Affero General Public License v3")
    assert not COPYLEFT.search("LGPL-2.1")
    assert not COPYLEFT.search("Apache-2.0")


@pytest.mark.parametrize("name", sorted(set(locked("run.lock"))))
def test_no_dependency_is_copyleft(name: str) -> None:
    try:
        text = licence_text(name)
    except PackageNotFoundError:
        pytest.skip(f"{name} is not installed on this platform")
    assert not COPYLEFT.search(text), f"{name}: {text}"
