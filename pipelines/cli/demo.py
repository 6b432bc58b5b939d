"""``catalogue demo``: the whole pipeline over fictional sources on this machine, and the Dagster UI beside it.

The demo is where a newcomer starts: `run` serves the sources, sends every demo feed through the same Dagster
definitions as any other run, and says what to try next; `ui` opens Dagster's web interface on the same instance.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Annotated

import typer

from pipelines.cli.output import ALL_WELL, COULD_NOT_START, AsJson, command, console

app = typer.Typer(no_args_is_help=True, help="Fictional sources on this machine, to see the whole at work.")

Edition = Annotated[int, typer.Option(help="1 is where it starts; 2 brings news, losses, and a source that collapses.")]
Port = Annotated[int, typer.Option(help="Port on 127.0.0.1.")]


@app.command("run")
@command
def run(edition: Edition = 1, as_json: AsJson = False) -> int:
    """Serve the demo sources, run the whole pipeline over them, and say what to try next."""
    from pipelines.cli.run import finish, run_and_report
    from pipelines.demo.content import institutions
    from pipelines.quiet import quiet_libraries
    from pipelines.settings import load_settings
    from pipelines.workplace import Workplace

    quiet_libraries()
    with _sources(edition, 0):
        workplace = Workplace(load_settings())
        document = run_and_report(workplace, [name for name in institutions() if name in workplace.feed_names()])
    code = finish(document, as_json)
    if not as_json:
        _what_next(edition)
    # A held-back or partly rejected feed is what the demo is meant to show, not a failure of the command.
    return ALL_WELL if not any(feed["status"] == "failed" for feed in document["feeds"]) else code


@app.command("serve")
@command
def serve(edition: Edition = 1, port: Port = 8970) -> int:
    """Serve the demo sources until Ctrl-C, for runs that are started from the Dagster UI."""
    from pipelines.demo.server import make_server

    with make_server(edition, port) as server:
        console().print(f"Edition {edition} of the demo sources is at http://127.0.0.1:{port}/ (Ctrl-C ends it).")
        server.serve_forever()
    return ALL_WELL


@app.command("ui")
@command
def user_interface(port: Port = 3000, edition: Edition = 1) -> int:
    """Start Dagster's web interface and daemon on loopback, with the demo sources beside them."""
    from pipelines.demo.server import DEFAULT_PORT
    from pipelines.instance import prepare_home
    from pipelines.settings import load_settings

    prepare_home(load_settings())
    with _sources(edition, DEFAULT_PORT):
        console().print(f"The Dagster UI will be at http://127.0.0.1:{port}/ in a few seconds (Ctrl-C ends it).")
        dagster = [sys.executable, "-m", "dagster", "dev", "--host", "127.0.0.1", "--port", str(port)]
        return ALL_WELL if subprocess.call([*dagster, "--workspace", "workspace.yaml"]) == 0 else COULD_NOT_START


@contextmanager
def _sources(edition: int, port: int) -> Iterator[None]:
    """Serve the sources for the length of the block and point the demo's contracts at them.

    Where the port is taken (a second UI, say), whatever listens there is left to answer.
    """
    from pipelines.demo.server import serving

    with ExitStack() as stack:
        try:
            os.environ["CATALOGUE_DEMO_URL"] = stack.enter_context(serving(edition, port))
        except OSError:
            console().print(f"Port {port} is taken: using the demo sources that are already served there.")
        os.environ["CATALOGUE_ALLOW_PRIVATE_ADDRESSES"] = "true"
        _register(stack, port)
        yield


def _register(stack: ExitStack, port: int) -> None:
    """Serve the stand-in for DEQAR beside the sources, and point its contract at it.

    At the same port each time, where it is free, because DEQAR's answers hold its own address: at another one every
    report would have changed.
    """
    from pipelines.demo.deqar import fictional_world, standing_in
    from pipelines.demo.deqar.door import DEMO_TOKEN
    from pipelines.demo.deqar.server import DEFAULT_PORT

    try:
        address = stack.enter_context(standing_in(fictional_world(), DEFAULT_PORT)).url
    except OSError:
        address = f"http://127.0.0.1:{DEFAULT_PORT}"
        if not port:
            address = stack.enter_context(standing_in(fictional_world())).url
        else:
            console().print(f"Port {DEFAULT_PORT} is taken: using the stand-in for DEQAR that is already served there.")
    os.environ["DEQAR_BASE_URL"] = address
    os.environ["DEQAR_TOKEN"] = DEMO_TOKEN


def _what_next(edition: int) -> None:
    out = console()
    out.print("\n[bold]Try next[/bold]")
    out.print("  .venv/bin/catalogue search 'données' --lang fr            [dim]# finds the singular too[/dim]")
    out.print("  .venv/bin/catalogue search pflegen --lang de --level 6   [dim]# stems, filters, facets[/dim]")
    out.print("  .venv/bin/catalogue search 'machine learn'               [dim]# a word half typed[/dim]")
    out.print("  make ui                                                  [dim]# these runs in the Dagster UI[/dim]")
    if edition == 1:
        out.print("  make run                                                 [dim]# again: nothing has changed[/dim]")
        out.print("  make run EDITION=2                                       [dim]# news, losses, a collapse[/dim]")
