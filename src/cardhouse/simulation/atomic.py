"""Files that are there completely or not at all, whenever the process or the machine stops."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from cardhouse.basics.arrays import AnyArray
from cardhouse.basics.errors import Problem, StoreError

_REASONS = {
    errno.ENOSPC: ("the disk is full", "free some space; what was finished is safe, go on with --resume"),
    errno.EDQUOT: ("the disk quota is used up", "free some space; what was finished is safe, go on with --resume"),
    errno.EROFS: ("the file system is read-only", "choose another folder with --out"),
    errno.EACCES: ("this user may not write there", "change the permission or choose another folder with --out"),
    errno.EPERM: ("this user may not write there", "change the permission or choose another folder with --out"),
    errno.ENOTDIR: ("a part of the path is a file, not a folder", "choose another folder with --out"),
    errno.ENAMETOOLONG: ("the path is too long", "choose a shorter folder name with --out"),
}


def store_error(path: Path, reason: OSError) -> StoreError:
    """Say in one line why a path cannot be written or read.

    >>> str(store_error(Path("runs/a"), OSError(28, "No space left on device"))).split(". ")[0]
    'runs/a: the disk is full'
    """
    rule, remedy = _REASONS.get(reason.errno or 0, (f"it cannot be used: {reason.strerror or reason}", ""))
    return StoreError("", (Problem(file=str(path), rule=rule, remedy=remedy),))


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn an error of the operating system inside the block into a clear one about ``path``."""
    try:
        yield
    except OSError as reason:
        raise store_error(path, reason) from None


def write_atomic(path: Path, content: bytes) -> None:
    """Write a file so that after a crash at any moment either the old or the whole new content is there.

    Raises
    ------
    StoreError
        When the disk is full, the folder read-only and so on; no partial file is left.
    """
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    with explained(path):
        try:
            with unfinished.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                unfinished.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)


@contextlib.contextmanager
def publish(path: Path) -> Iterator[Path]:
    """Hand out a temporary path for another library to write, and put the file in place when the block ends well."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    with explained(path):
        try:
            yield unfinished
            with unfinished.open("rb+") as file:
                os.fsync(file.fileno())
            unfinished.replace(path)
        finally:
            for leftover in path.parent.glob(f"{unfinished.name}*"):
                leftover.unlink(missing_ok=True)
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make renames inside a folder durable; Windows has no such call and needs none."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def pack(arrays: Mapping[str, AnyArray]) -> bytes:
    """Pack arrays into the bytes of an ``.npz`` file; equal arrays give equal bytes."""
    buffer = io.BytesIO()
    # written through a mapping because a variable may be called "file", which savez takes as its first argument
    np.savez(buffer, allow_pickle=False, **{name: np.ascontiguousarray(array) for name, array in arrays.items()})
    return buffer.getvalue()


def checksum(content: bytes) -> str:
    """Return 16 hexadecimal digits that change when the content does.

    >>> checksum(b"a") == checksum(b"b")
    False
    """
    return hashlib.blake2b(content, digest_size=8).hexdigest()
