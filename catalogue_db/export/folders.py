"""Lets a name lead to a new folder in one step, when everything in it is on the disk.

The name is a symbolic link into ``<name>.versions/``, because a link can be replaced in one step and a folder cannot. A
process that is killed leaves the link as it was and an unfinished folder, which the next one takes away. The version
before the newest stays, for those who are still reading it.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock

_UNFINISHED = ".unfinished"


@contextmanager
def new_version(path: Path, at: datetime) -> Iterator[Path]:
    """Yield an empty folder to fill; on leaving without an error `path` leads to it.

    Raises `FileExistsError` where `path` is something else than such a link (an empty folder gives way), and `OSError`
    where something cannot be written. Waits while another process writes a version of the same name.
    """
    _check(path)
    versions = path.with_name(f"{path.name}.versions")
    versions.mkdir(parents=True, exist_ok=True)
    with FileLock(versions / ".lock"):
        for left in versions.glob(f"*{_UNFINISHED}"):
            shutil.rmtree(left)
        name = f"{at.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}-{secrets.token_hex(3)}"
        folder = versions / (name + _UNFINISHED)
        folder.mkdir()
        try:
            yield folder
            _to_disk(folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        _switch(path, folder.rename(versions / name))
        _forget_old(path, versions)


def _check(path: Path) -> None:
    if path.is_symlink():
        if not path.readlink().parent.name.endswith(".versions"):
            raise FileExistsError(f"{path} is a link to something else than an export; give another name")
    elif path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise FileExistsError(f"{path} is there already and is not an export; give another name")


def _to_disk(folder: Path) -> None:
    """See to it that the files, and their names in the folder, are on the disk."""
    for each in (*folder.iterdir(), folder):
        handle = os.open(each, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _switch(path: Path, folder: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        path.rmdir()
    link = folder.parent / f"link{_UNFINISHED}"
    link.unlink(missing_ok=True)
    link.symlink_to(Path(folder.parent.name) / folder.name)
    link.replace(path)
    for parent in (folder.parent, path.absolute().parent):
        handle = os.open(parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _forget_old(path: Path, versions: Path) -> None:
    kept = path.resolve()
    older = sorted(each for each in versions.iterdir() if each.is_dir() and each.resolve() != kept)
    for each in older[:-1]:
        shutil.rmtree(each)
