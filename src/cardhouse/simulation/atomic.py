"""Files that are there completely or not at all, whenever the process or the machine stops."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import os
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

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


def write_arrays(folder: Path, stem: str, arrays: Mapping[str, AnyArray]) -> Path:
    """Write arrays as ``STEM-CHECKSUM.npz``, whole or not at all; equal arrays give equal bytes and an equal name.

    Every array goes from its memory to the file and its checksum: results of a chunk fill megabytes, and copies of them
    would cost more than the writing.

    Raises
    ------
    StoreError
        When the disk is full, the folder read-only and so on; no partial file is left.
    """
    unfinished = folder / f".{stem}.{os.getpid()}.unfinished"
    with explained(folder / stem):
        try:
            with unfinished.open("wb") as file:
                stream = _Hashed(file)
                with zipfile.ZipFile(stream, "w") as archive:
                    for name, array in arrays.items():
                        with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                            _write_array(member, np.ascontiguousarray(array))
                file.flush()
                os.fsync(file.fileno())
            path = folder / f"{stem}-{stream.hexdigest()}.npz"
            unfinished.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                unfinished.unlink(missing_ok=True)
            raise
        sync_folder(folder)
    return path


def _write_array(member: IO[bytes], array: AnyArray) -> None:
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, np.lib.format.header_data_from_array_1_0(array))
    member.write(header.getvalue())
    if array.size:
        member.write(array.reshape(-1).view(np.uint8).data)


class _Hashed(io.RawIOBase):
    """Passes what is written on to a file and into a checksum; it cannot be rewound."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__()
        self._file = file
        self._hash = hashlib.blake2b(digest_size=8)

    def writable(self) -> bool:
        """Tell that this stream takes bytes."""
        return True

    def write(self, data: Any) -> int:
        """Write bytes."""
        self._hash.update(data)
        return self._file.write(data)

    def hexdigest(self) -> str:
        """Return the checksum of all that was written."""
        return self._hash.hexdigest()


def checksum(content: bytes) -> str:
    """Return 16 hexadecimal digits that change when the content does.

    >>> checksum(b"a") == checksum(b"b")
    False
    """
    return hashlib.blake2b(content, digest_size=8).hexdigest()
