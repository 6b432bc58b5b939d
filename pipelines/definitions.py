"""What Dagster's webserver, daemon and run processes load (see `workspace.yaml`).

Only Dagster itself is imported here; Great Expectations, pandas and the database driver come in when a step needs
them, since a run is mostly process start.
"""

from pipelines.settings import load_settings
from pipelines.wiring import build_definitions
from pipelines.workplace import Workplace

STEP_RETRIES = 2

defs = build_definitions(Workplace(load_settings(), step_retries=STEP_RETRIES))
