"""What a check found, on a terminal: was it accepted, and how many were not; then why, and what to do.

Causes are told once each, with how many records they concern and the first of them: what keeps records out comes
first, and within one severity what concerns the most records.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from pipelines.cli.output import SEVERITY_STYLE
from pipelines.reports import UNNAMED

if TYPE_CHECKING:
    from pipelines.reports import CodeCount
    from pipelines.steps.check import Checked
    from standard.verdict import Counts, Finding, Severity

_HEADINGS: dict[Severity, str] = {
    "blocks": "What keeps records out",
    "lowers": "What lowers their standing",
    "informs": "What could be better",
}
_MOST_FIELDS = 12
_WITHOUT_CONTRACT = (
    "\n[dim]Judged without a feed's contract, which names the awarding body, country and language where the records"
    " do not, and says which of them are in scope: --contract FILE.[/dim]"
)


def verdict(checked: Checked) -> RenderableType:
    """Return what a person should read of a check."""
    parts: list[RenderableType] = [_head(checked)]
    whole = _about_the_whole(checked)
    for severity, heading in _HEADINGS.items():
        codes = [code for code in _codes(checked) if code.severity == severity]
        about = [finding for finding in whole if finding.severity == severity]
        if codes or about:
            style = SEVERITY_STYLE[severity]
            parts += [Text(f"\n{heading}", style=f"bold {style}"), _causes(about, codes)]
    if checked.report is not None and checked.report.feed == UNNAMED:
        parts.append(Text.from_markup(_WITHOUT_CONTRACT))
    if checked.unread:
        parts.append(_unread(checked.unread))
    return Group(*parts)


def _head(checked: Checked) -> RenderableType:
    sure = "" if checked.guessed is None else f" (guessed from the content, {checked.guessed:.0%} sure)"
    source = f"[dim]{escape(checked.source)} read as {checked.format}{sure}[/dim]"
    return Text.from_markup(f"{_answer(checked)}\n{source}")


def _answer(checked: Checked) -> str:
    c = checked.counts
    if any(finding.severity == "blocks" for finding in checked.findings) and not c.unreadable:
        return "[bold red]Not accepted[/bold red]: the source as a whole is kept out, see below."
    if not c.fetched:
        return "[bold yellow]Nothing to accept[/bold yellow]: the source holds no record."
    kept_out = c.rejected + c.unreadable
    beyond = f" {c.out_of_scope} more out of scope." if c.out_of_scope else ""
    judged = c.selected + c.unreadable
    if not kept_out:
        return f"[bold green]Accepted[/bold green]: all {judged} records.{beyond}"
    return f"[bold red]{kept_out} of {judged} records not accepted[/bold red] ({_why(c)}); {c.accepted} are.{beyond}"


def _why(c: Counts) -> str:
    parts = [(c.rejected, "rejected"), (c.unreadable, "could not be read")]
    return ", ".join(f"{number} {what}" for number, what in parts if number)


def _about_the_whole(checked: Checked) -> list[Finding]:
    """The findings that no record stands behind; those of items that could not be read are counted by code."""
    return checked.report.whole if checked.report is not None else checked.findings


def _codes(checked: Checked) -> list[CodeCount]:
    if checked.report is None:
        return []
    whole = {(finding.code, finding.severity) for finding in checked.report.whole}
    return [code for code in checked.report.by_code if (code.code, code.severity) not in whole]


def _causes(about: Iterable[Finding], codes: Iterable[CodeCount]) -> Table:
    shown = Table.grid(padding=(0, 2, 0, 0))
    shown.add_column(no_wrap=True, justify="right")
    shown.add_column(overflow="fold")
    for finding in about:
        shown.add_row("all", _cause(finding.message, finding.remedy, finding.code, []))
    for code in codes:
        shown.add_row(f"{code.count}×", _cause(code.message, code.remedy, code.code, code.examples))
    return shown


def _cause(message: str, remedy: str, code: str, examples: list[str]) -> RenderableType:
    lines = [f"{escape(message)} [dim]{code}[/dim]", f"→ {escape(remedy)}"]
    if examples:
        lines.append(f"[dim]{escape(', '.join(dict.fromkeys(examples)))}[/dim]")
    return Text.from_markup("\n".join(lines))


def _unread(fields: dict[str, int]) -> RenderableType:
    often = sorted(fields.items(), key=lambda pair: (-pair[1], pair[0]))
    names = ", ".join(f"{name} ({number}×)" for name, number in often[:_MOST_FIELDS])
    more = f" and {len(often) - _MOST_FIELDS} more" if len(often) > _MOST_FIELDS else ""
    return Text.from_markup(f"\n[bold]Fields that nobody read[/bold] {escape(names)}{more}")
