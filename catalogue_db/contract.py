"""What each view promises: column by column, type, whether it may be empty, and what it means.

The one source for the documentation (`docs/database.md`, and the comments in PostgreSQL), for the types of exported
files, and for the tests that hold the views to it. Within ``v1`` nothing is taken back; what that means is decided in
`catalogue_db.contract_changes`.
"""

from __future__ import annotations

from typing import Literal

import msgspec

VERSION = "v1"
"""The version of the contract: the beginning of every view's name."""

ColumnType = Literal["text", "integer", "number", "boolean", "date", "moment", "list", "json"]


class TypeMeaning(msgspec.Struct, frozen=True):
    """What a type is for people, and what a portal gets on each engine (PostgreSQL: any of these)."""

    meaning: str
    sqlite: str
    postgresql: tuple[str, ...]


TYPES: dict[ColumnType, TypeMeaning] = {
    "text": TypeMeaning("Text, plain.", "TEXT", ("text",)),
    "integer": TypeMeaning("Whole number.", "INTEGER", ("integer", "bigint")),
    "number": TypeMeaning("Number.", "REAL", ("double precision",)),
    "boolean": TypeMeaning(
        "Yes or no. On SQLite 1 or 0; write `WHERE stackable`, not `= 1`, to be right on both.", "INTEGER", ("boolean",)
    ),
    "date": TypeMeaning(
        "A day, ISO 8601 (`2026-03-01`), as text on both: sorts and compares as it stands; cast it where you "
        "calculate (`next_start::date`, `date(next_start)`).",
        "TEXT",
        ("text",),
    ),
    "moment": TypeMeaning(
        "A moment in UTC, ISO 8601 with microseconds (`2026-03-01T05:00:00.000000Z`), as text on both: sorts and "
        "compares as it stands, also with a day; cast it where you calculate (`last_changed::timestamptz`).",
        "TEXT",
        ("text",),
    ),
    "list": TypeMeaning(
        "A JSON list of texts, as text (`json_each(modes)` on SQLite, `jsonb_array_elements_text(modes::jsonb)` on "
        "PostgreSQL). Never empty: without values it is `[]`.",
        "TEXT",
        ("text",),
    ),
    "json": TypeMeaning(
        "JSON, as text (`document ->> '$.title.en'`, `document::jsonb #>> '{title,en}'`).", "TEXT", ("text",)
    ),
}
"""Why days and moments are texts on both engines: the same statement gives the same answer on both, and one value that
is no date could otherwise make every query on a view fail."""


class ViewColumn(msgspec.Struct, frozen=True):
    """One column of a view.

    `references`: the ``view.column`` in which its values (those that are not empty) are found. `vocabulary`: the code
    list, in ``v1_vocabulary``, that its codes belong to.
    """

    name: str
    type: ColumnType
    nullable: bool
    meaning: str
    references: str | None = None
    vocabulary: str | None = None


class View(msgspec.Struct, frozen=True):
    """One view: a row per what, and its columns in order. `key` names the columns that tell its rows apart."""

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[ViewColumn, ...]


def _column(line: str) -> ViewColumn:
    """Read ``name type[?] [>view.column] [@vocabulary] meaning``; a question mark says that the column may be empty."""
    name, kind, meaning = line.split(maxsplit=2)
    marks = {}
    while meaning[0] in ">@":
        mark, meaning = meaning.split(maxsplit=1)
        marks["references" if mark[0] == ">" else "vocabulary"] = mark[1:]
    return ViewColumn(name, msgspec.convert(kind.rstrip("?"), ColumnType), kind.endswith("?"), meaning, **marks)


def _view(name: str, meaning: str, key: tuple[str, ...], columns: str) -> View:
    return View(name, meaning, key, tuple(_column(line.strip()) for line in columns.strip().splitlines()))


_OFFERINGS = _view(
    "v1_offerings",
    "One row per offering, tombstones included: filter by status.",
    ("offering_id",),
    """
    offering_id text The catalogue's identifier: never changes, fit for an address.
    feed text >v1_feeds.feed Name of the feed it comes from.
    source_id text Identifier in the source.
    micro_credential text Whether the source says that it is one: yes, no, unknown.
    title text? Title, preferably in the language of instruction, else English.
    title_lang text? Language of the title (BCP 47); und where nobody stated it.
    description text? Description, preferably in the language of the title.
    description_lang text? Language of the description.
    country text? @countries Country of the offering (ISO 3166-1 alpha-2).
    region text? @nuts Region (NUTS).
    awarding_body text? Name of who signs.
    awarding_body_id text? >v1_providers.provider_id Its identifier in v1_providers.
    provider text? Name of who teaches (the first of several).
    provider_id text? >v1_providers.provider_id Its identifier in v1_providers.
    ects number? Workload in ECTS credit points.
    hours number? Workload in hours of learning.
    eqf_level integer? @eqf Level in the European Qualifications Framework, 1 to 8.
    nqf_level text? @nqf Level in a national framework: framework and level.
    qf_ehea text? @qf_ehea Cycle in the framework of the European Higher Education Area.
    modes list @modes Forms of participation, codes.
    assessment_types list @assessment_types Types of assessment, codes.
    supervision text? @supervision Supervision and identity verification during assessment, code.
    fields list @isced_f Fields of education, ISCED-F codes.
    languages list @languages Languages of instruction (BCP 47).
    keywords list Keywords as published.
    stackable boolean? Whether it counts towards something larger.
    homepage text? Web page for learners.
    image text? Address of a picture.
    licence text? Licence of the data.
    modified text? When the source says it last changed the record.
    next_start date? First day of the next run that is not cancelled, from today on.
    enrolment_open boolean? Whether a run can be enrolled in today; empty where the source says nothing of enrolment.
    price_from number? Lowest price_amount of the runs not over, whatever its currency; 0 means free, says the source.
    currency text? @currencies Currency of price_from (ISO 4217).
    completeness number? Share of the 13 elements that apply which are present or derived, 0 to 1.
    council_conformant boolean Whether all mandatory elements of the Council Recommendation are there.
    elm_conformant boolean Whether it can be written as valid European Learning Model.
    trust_status text? What evidence stands behind it, by who signs; empty until checked. See docs/trust.md.
    trust_checked_on date? The day the last check is about.
    trust_data_as_of moment? When DEQAR was asked for the register used in that check; empty where it never was.
    trust_report text? Address of the report the status rests on.
    trust_agency text? Agency that made the report.
    trust_covered_until date? Last day on which the status holds by what is known; empty: open, or not covered.
    status text live, stale (live, but known to be behind its source) or withdrawn.
    withdrawn_at moment? When it left.
    withdrawn_reason text? Why it left.
    first_seen moment When the catalogue first had it.
    last_changed moment When what the catalogue says of it last changed.
    last_confirmed moment When a load last found it to be what the source says.
    data_as_of moment? When the source of its feed was last asked with success.
    """,
)

VIEWS: tuple[View, ...] = (
    _OFFERINGS,
    _view(
        "v1_offering_documents",
        "The whole offering as the public JSON document.",
        ("offering_id",),
        """
        offering_id text >v1_offerings.offering_id Identifier of the offering.
        document json The document.
        """,
    ),
    _view(
        "v1_offering_texts",
        "The texts of an offering in every language it has them.",
        ("offering_id", "kind", "lang"),
        """
        offering_id text >v1_offerings.offering_id Identifier of the offering.
        kind text title, description, prerequisites, assessment, grading_scheme, level_reason or stackability.
        lang text Language (BCP 47); und where nobody stated it.
        text text The text, plain; paragraphs are separated by blank lines.
        """,
    ),
    _view(
        "v1_learning_outcomes",
        "The learning outcomes of an offering in every language.",
        ("offering_id", "position", "lang"),
        """
        offering_id text >v1_offerings.offering_id Identifier of the offering.
        position integer Order in the source, from 1.
        lang text Language (BCP 47); und where nobody stated it.
        text text The outcome; empty where the source gives only a skill's address.
        esco list Addresses of ESCO skills.
        """,
    ),
    _view(
        "v1_instances",
        "The runs of an offering.",
        ("offering_id", "position"),
        """
        offering_id text >v1_offerings.offering_id Identifier of the offering.
        instance_id text Identifier of the run.
        position integer Order in the source, from 1.
        title json? Title by language.
        starts text? Start as published: a day, or a date-time with offset.
        ends text? End as published.
        start_date date? The day of the start.
        end_date date? The day of the end.
        enrolment_opens text? When enrolment opens.
        enrolment_closes text? When enrolment closes.
        mode text? @modes Form of participation of this run, code.
        location json? Place by language.
        languages list @languages Languages of instruction of this run.
        price_amount number? The lowest published price in the currency that is named first.
        price_currency text? @currencies Its currency (ISO 4217).
        prices json All published prices with their notes.
        capacity integer? Number of places.
        url text? Web page of the run.
        status text? open, closed or cancelled, where the source says so.
        """,
    ),
    _view(
        "v1_skills",
        "The ESCO skills that the learning outcomes of an offering name.",
        ("offering_id", "position", "skill"),
        """
        offering_id text >v1_offerings.offering_id Identifier of the offering.
        position integer The outcome that names it, as in v1_learning_outcomes.
        skill text Address of the skill in ESCO.
        """,
    ),
    _view(
        "v1_fields",
        "The fields of education of an offering, with the broader ones they lie in.",
        ("offering_id", "code"),
        """
        offering_id text >v1_offerings.offering_id Identifier of the offering.
        code text @isced_f ISCED-F code as given.
        broad text @isced_f Broad field (2 digits).
        narrow text? @isced_f Narrow field (3 digits).
        detailed text? @isced_f Detailed field (4 digits).
        """,
    ),
    _view(
        "v1_offering_modes",
        "The forms of participation of an offering, a row each.",
        ("offering_id", "mode"),
        """
        offering_id text >v1_offerings.offering_id Identifier of the offering.
        mode text @modes Form of participation, code.
        """,
    ),
    _view(
        "v1_offering_languages",
        "The languages of instruction of an offering, a row each.",
        ("offering_id", "lang"),
        """
        offering_id text >v1_offerings.offering_id Identifier of the offering.
        lang text @languages Language of instruction (BCP 47).
        """,
    ),
    _view(
        "v1_offering_organisations",
        "Who signs and who teaches, all of them: v1_offerings shows the first of each.",
        ("offering_id", "role", "position"),
        """
        offering_id text >v1_offerings.offering_id Identifier of the offering.
        role text awarding_body or provider.
        position integer Order in the source, from 1.
        provider_id text >v1_providers.provider_id Identifier of the organisation.
        """,
    ),
    _view(
        "v1_providers",
        "Organisations that teach or sign, once each over all feeds.",
        ("provider_id",),
        """
        provider_id text Identifier of the organisation in this catalogue.
        name text Name, English if there is one.
        names json Names by language.
        country text? @countries Country (ISO 3166-1 alpha-2).
        homepage text? Web page.
        offerings_taught integer Live offerings it teaches.
        offerings_awarded integer Live offerings it signs.
        deqar_id text? Its DEQARINST identifier, where it was found in DEQAR for certain.
        deqar_method text? How it was found: confirmed (by a maintainer), identifier, web_domain or name.
        deqar_evidence text? Why it is taken for that one: a JSON list of sentences, as text.
        deqar_found_on date? The day (ISO) on which it was first found to be so.
        """,
    ),
    _view(
        "v1_provider_identifiers",
        "The identifiers of an organisation: those of its feeds, and those of DEQAR where it was found there.",
        ("provider_id", "scheme", "identifier"),
        """
        provider_id text >v1_providers.provider_id Identifier of the organisation in this catalogue.
        scheme text Kind of identifier: schac, ror, eter, deqar, pic, vat, ...
        identifier text The identifier.
        source text feed, or deqar for what only DEQAR says.
        """,
    ),
    _view(
        "v1_trust_statements",
        "What evidence stands behind an offering: a row per statement and period. On a day: said_from before its end,"
        " said_to empty or later.",
        ("offering_id", "role", "organisation_id", "number"),
        """
        offering_id text >v1_offerings.offering_id Identifier of the offering.
        number integer Number of the statement, from 1, of this offering, role and organisation.
        role text Whom the statement is about: awarding_body or provider.
        organisation_id text? >v1_providers.provider_id The organisation; empty where nobody signs.
        status text What was found; see docs/trust.md.
        said_from moment When a check first found it.
        said_to moment? When a check found another; empty while it is what the newest check found.
        is_current boolean Whether it is what the newest check found.
        checked_on date The last day for which this was found.
        data_as_of moment? When DEQAR was asked for the register used for that day.
        stale_reason text? Why the register is known to be behind; empty when it is not.
        report_id integer? DEQAR's number of the report the status rests on.
        report text? Address of the report (or of the national register's evidence).
        agency text? Agency that made the report.
        agency_registered boolean? Whether it was on EQAR's register when the report's validity began.
        activity_type text? Type of review, as DEQAR writes it.
        decision text? Its decision, as DEQAR writes it.
        valid_from date? First day of the report's validity.
        valid_until date? Last day of the report's validity; six years after the first where no end is stated.
        through text? The related provider whose report it is, and how it is related.
        listed_as text? The provider in DEQAR: identifier and name.
        covered_until date? Last day on which the status holds by what is known; empty: open, or not covered.
        because text? Why nothing could be checked or found.
        evidence json The whole statement: every report looked at, what each weighs, and links.
        """,
    ),
    _view(
        "v1_changes",
        "The change log, deletions included. Keep the last cursor and ask for larger ones. An offering that only moved "
        "inside its source (another provenance, nothing else) has not changed.",
        ("cursor",),
        """
        cursor integer Grows with every change.
        offering_id text >v1_offerings.offering_id Identifier of the offering.
        feed text >v1_feeds.feed Name of its feed.
        kind text inserted, changed, withdrawn or returned.
        changed_at moment When.
        fields list Names of the fields of the public document that differ (of changed and returned).
        reason text? Why it was withdrawn.
        """,
    ),
    _view(
        "v1_feeds",
        "The feeds, and how fresh they are.",
        ("feed",),
        """
        feed text Name of the feed.
        title text? Title for people.
        institution text? Whose feed it is.
        country text? @countries Country (ISO 3166-1 alpha-2).
        licence text? Licence of the data.
        homepage text? Web page.
        status text live, or stale: what is shown is known to be behind the source.
        stale_since moment? Since when.
        stale_reason text? Why.
        data_as_of moment? When the source was last asked with success.
        last_confirmed moment? When a load last confirmed what is live.
        offerings_live integer Live offerings (stale ones included).
        offerings_withdrawn integer Tombstones.
        """,
    ),
    _view(
        "v1_offering_versions",
        "Every version of every offering, and what made it.",
        ("offering_id", "number"),
        """
        offering_id text >v1_offerings.offering_id Identifier of the offering.
        number integer Number of the version, from 1.
        valid_from moment When the catalogue began to say this.
        valid_to moment? When it ceased to; empty while it is what the catalogue says.
        content_hash text Hash of what is said (SHA-256).
        snapshot_id text The snapshot it was made from.
        mapping_version text The mapping that made it.
        run_id text The run that made it.
        """,
    ),
    _view(
        "v1_offering_version_documents",
        "The whole offering as each version said it. On a day: valid_from up to its end, valid_to empty or later.",
        ("offering_id", "number"),
        """
        offering_id text >v1_offerings.offering_id Identifier of the offering.
        number integer Number of the version, from 1, as in v1_offering_versions.
        valid_from moment When the catalogue began to say this.
        valid_to moment? When it ceased to; empty while it is what the catalogue says.
        document json The document, byte for byte what it was when the version began.
        """,
    ),
    _view(
        "v1_vocabulary",
        "Labels of the codes used in the other views.",
        ("vocabulary", "code", "lang"),
        """
        vocabulary text Name of the code list.
        code text The code.
        lang text Language of the label.
        label text The label.
        address text? Address of the code in the EU's vocabulary.
        """,
    ),
)
"""All views of the contract, version 1."""
