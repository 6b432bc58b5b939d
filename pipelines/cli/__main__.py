"""``python -m pipelines.cli`` is ``catalogue``, where the command is not on the PATH."""

from pipelines.cli import main

main()
