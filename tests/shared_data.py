"""Where the real sample files lie, beside the project (they are not part of it)."""

from __future__ import annotations

import os
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent


def shared(*parts: str) -> Path:
    """Return a path below the folder of shared files; it may not exist (then a test skips)."""
    candidates = [Path(found) for found in [os.environ.get("CATALOGUE_SHARED_DIR", "")] if found]
    candidates += [_ROOT.parent / "shared", _ROOT.parent.parent / "shared"]
    base = next((one for one in candidates if one.is_dir()), candidates[0])
    return base.joinpath(*parts)
