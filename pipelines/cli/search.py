"""``catalogue search``: what a person would type into a portal, answered by the same function that portals use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.output import ALL_WELL, AsJson, command, console, emit, escaped, stop, table

if TYPE_CHECKING:
    from catalogue_db.search import SearchPage, SearchResult, Suggestion

Many = list[str] | None


@command
def search(
    text: Annotated[str, typer.Argument(help='Words, "words in quotes", -without. Empty: everything.')],
    lang: Annotated[str, typer.Option(help="Language that titles and snippets are preferred in.")] = "en",
    level: Annotated[list[int] | None, typer.Option(min=1, max=8, help="EQF level.")] = None,
    mode: Annotated[Many, typer.Option(help="Form of participation (online, onsite, blended, ...).")] = None,
    field: Annotated[Many, typer.Option(help="ISCED-F code, two to four digits.")] = None,
    provider: Annotated[Many, typer.Option(help="Identifier of a provider.")] = None,
    trust: Annotated[Many, typer.Option(help="Trust status.")] = None,
    language: Annotated[Many, typer.Option(help="Language of instruction.")] = None,
    min_ects: Annotated[float | None, typer.Option(help="At least so many ECTS credits.")] = None,
    max_ects: Annotated[float | None, typer.Option(help="At most so many ECTS credits.")] = None,
    region: Annotated[Many, typer.Option(help="NUTS code of a region; a short one includes the narrower.")] = None,
    completeness: Annotated[Many, typer.Option(help="Band of completeness, as shown beside the results.")] = None,
    is_open: Annotated[bool | None, typer.Option("--open/--not-open", help="Whether one can enrol today.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="Results on a page.")] = 20,
    offset: Annotated[int, typer.Option(min=0, help="Results to leave out at the beginning.")] = 0,
    cursor: Annotated[str | None, typer.Option(help="Where to go on: what the page before gave.")] = None,
    complete: Annotated[bool, typer.Option("--suggest", help="Say what the text may become, while typing.")] = False,
    database: Annotated[str | None, typer.Option(help="SQLAlchemy URL of the catalogue.")] = None,
    as_json: AsJson = False,
) -> int:
    """Search the live offerings. Filters of one kind may be given more than once: any of them fits."""
    from catalogue_db.search import SearchQuery, suggest
    from catalogue_db.search import search as find
    from pipelines.cli.asking import codes, language_tag
    from pipelines.settings import load_settings
    from pipelines.workplace import Workplace

    engine = Workplace(load_settings(database_url=database)).ready_engine
    query = SearchQuery(
        text=text,
        lang=language_tag("--lang", lang),
        levels=level or [],
        modes=codes("--mode", "modes", mode),
        fields=codes("--field", "isced_f", field),
        providers=provider or [],
        trust=trust or [],
        languages=[language_tag("--language", each) for each in language or []],
        min_ects=min_ects,
        max_ects=max_ects,
        regions=region or [],
        completeness=completeness or [],
        enrolment_open=is_open,
        limit=limit,
        offset=offset,
        cursor=cursor,
    )
    if complete:
        return _suggest(suggest(engine, text, query.lang, limit), as_json)
    try:
        page = find(engine, query)
    except ValueError as error:
        stop(str(error), as_json)
    if as_json:
        emit(page)
    else:
        _show(page, offset, is_first=cursor is None)
    return ALL_WELL


def _suggest(found: list[Suggestion], as_json: bool) -> int:
    if as_json:
        emit(found)
        return ALL_WELL
    shown = table("kind", "suggestion", "asks for", "offerings")
    for each in found:
        shown.add_row(each.kind, escaped(each.text), escaped(each.value), str(each.documents))
    console().print(shown if found else "Nothing begins so.")
    return ALL_WELL


def _show(page: SearchPage, offset: int, *, is_first: bool) -> None:
    out = console()
    many = f"{page.total}" if page.total_is_exact else f"More than {page.total}"
    if page.did_you_mean:
        out.print(f"Did you mean: {page.did_you_mean}", markup=False, style="bold")
    if not page.results:
        beyond = f" None is shown: --offset {offset} lies beyond the last of them." if page.total and offset else ""
        out.print(f"{many} offerings found.{beyond}")
        return
    partly = " (few or none with all the words; the others have some)" if page.matched == "any_words" else ""
    which = f"{offset + 1} to {offset + len(page.results)}" if is_first else f"{len(page.results)} more"
    out.print(f"{many} offerings found, {which} shown{partly}.")
    shown = table("offering", "ECTS", "EQF", "next start")
    shown.leading, shown.padding, shown.pad_edge = 1, (0, 2, 0, 0), False
    for result in page.results:
        shown.add_row(_words(result), _number(result.ects), _number(result.eqf_level), result.next_start or "")
    out.print(shown)
    for name, values in page.facets.items():
        told = ", ".join(f"{value.label or value.value} ({value.count})" for value in values[:8])
        if told:
            out.print(f"{name}: {told}", markup=False, style="dim")
    if page.next_cursor:
        out.print(f"Go on with --cursor {page.next_cursor}", markup=False, style="dim")


def _words(result: SearchResult) -> str:
    who = f" · {escaped(result.provider)}" if result.provider else ""
    stale = " · stale" if result.stale else ""
    lines = [f"{_marked(result.title_marked or result.title or '')}{who}{stale}", f"[dim]{result.offering_id}[/dim]"]
    return "\n".join([*lines, _marked(result.snippet)] if result.snippet else lines)


def _marked(marked: str) -> str:
    """Turn the search's HTML (everything escaped but ``<mark>``) into words for a terminal."""
    import html

    text = escaped(html.unescape(marked.replace("<mark>", "\0").replace("</mark>", "\1")))
    return text.replace("\0", "[bold]").replace("\1", "[/bold]")


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
