"""The stand-in for DEQAR with a generated register, in a process of its own, so that its memory is nobody else's.

`python -m benchmarks.register.stand_in SIZE` (as `Size.slug`) prints its address and serves until its input ends.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, Popen

from benchmarks.register.generator import Size, register, size_of
from pipelines.demo.deqar import standing_in

ROOT = Path(__file__).parents[2]


@contextmanager
def serving(size: Size) -> Iterator[str]:
    """Serve a register of this size while the block runs, and give its address. Raises `RuntimeError`."""
    command = [sys.executable, "-m", "benchmarks.register.stand_in", size.slug]
    with Popen(command, stdin=PIPE, stdout=PIPE, text=True, cwd=ROOT) as process:
        assert process.stdin is not None  # both were asked for
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        if not address:
            raise RuntimeError("the stand-in for DEQAR did not start")
        try:
            yield address
        finally:
            process.stdin.close()


def main() -> None:
    """Serve the register that the command line names."""
    with standing_in(register(size_of(sys.argv[1]))) as stand_in:
        sys.stdout.write(f"{stand_in.url}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
