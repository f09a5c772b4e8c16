from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from tests.simulation.toy import plan

from cardhouse.basics.errors import StoreError
from cardhouse.simulation import atomic
from cardhouse.simulation.atomic import write_atomic
from cardhouse.simulation.run import open_run, run_in_memory, start_run


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path):
    (tmp_path / "thesis.docx").write_text("precious")
    with pytest.raises(StoreError, match=r"something that is not a run\. Choose another folder"):
        start_run(plan(5), tmp_path)
    assert files(tmp_path) == {"thesis.docx"}


def test_a_file_in_place_of_the_folder_is_left_alone(tmp_path: Path):
    (tmp_path / "run").write_text("precious")
    with pytest.raises(StoreError, match="it is a file, not a folder"):
        start_run(plan(5), tmp_path / "run")
    assert (tmp_path / "run").read_text() == "precious"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "cardhouse-run-2"}', "\x00"])
def test_a_damaged_manifest_is_told_and_left_alone(text: str, tmp_path: Path):
    (tmp_path / "manifest.json").write_text(text)
    for attempt in (open_run, lambda folder: start_run(plan(5), folder)):
        with pytest.raises(StoreError, match=r"manifest\.json is (damaged|not of format)"):
            attempt(tmp_path)
    assert (tmp_path / "manifest.json").read_text() == text


@pytest.mark.parametrize("room", [0, 1, 3, 7])
def test_a_full_disk_leaves_what_was_finished_and_the_run_goes_on_later(
    room: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    real, written = os.fsync, 0

    def fsync(handle: int) -> None:
        nonlocal written
        written += 1
        if room < written <= 1000:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(handle)

    monkeypatch.setattr(atomic.os, "fsync", fsync)
    with pytest.raises(StoreError, match="the disk is full"):
        start_run(plan(100, chunk_draws=10), tmp_path / "run")
    assert not list((tmp_path / "run").rglob("*.unfinished"))
    monkeypatch.setattr(atomic.os, "fsync", real)
    run = start_run(plan(100, chunk_draws=10), tmp_path / "run")
    assert run.digest() == run_in_memory(plan(100)).digest()


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_without_permission_is_told(tmp_path: Path):
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(StoreError, match="may not write there"):
            start_run(plan(5), tmp_path / "run")
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.parametrize(
    ("number", "message"),
    [(errno.EROFS, "read-only"), (errno.EACCES, "may not write"), (errno.EIO, "cannot be used: Input/output error")],
)
def test_every_refusal_of_the_system_is_one_clear_line(
    number: int, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def refuse(*arguments: object, **options: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(StoreError, match=message) as caught:
        write_atomic(tmp_path / "a.npz", b"1")
    assert len(str(caught.value).splitlines()) == 1


def test_a_path_through_a_file_is_told(tmp_path: Path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="a part of the path is a file"):
        start_run(plan(5), tmp_path / "file" / "run")
