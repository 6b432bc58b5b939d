"""The addresses of DEQAR, and what stands at each.

Trailing slashes are part of an address: with a missing one DEQAR redirects, with one too many it answers 404. The
*role* of a document says how it is read; for documents from disk it is found again from their address.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

TOKEN = "/accounts/get_token/"

CONNECT_PROVIDERS = "/connectapi/v1/providers/"
CONNECT_PROVIDER = "/connectapi/v1/providers/{id}"
WEB_INSTITUTIONS = "/webapi/v2/browse/institutions/"
WEB_REPORTS = "/webapi/v2/browse/reports/"
WEB_REPORT = "/webapi/v2/browse/reports/{id}/"
WEB_INSTITUTIONAL = "/webapi/v2/browse/reports/institutional/by-institution/{id}/"
WEB_PROGRAMMES = "/webapi/v2/browse/reports/programme/by-institution/{id}/"
WEB_AGENCIES = "/webapi/v2/browse/agencies/"
WEB_COUNTRIES = "/webapi/v2/browse/countries/"
CSV_INSTITUTIONS = "/static/daily-csv/deqar-institutions.csv"
CSV_REPORTS = "/static/daily-csv/deqar-reports.csv"
CSV_AGENCIES = "/static/daily-csv/deqar-agencies.csv"

PAGE = "https://data.deqar.eu/{kind}/{id}"
"""Permanent address of a thing in DEQAR."""

_ROLES: tuple[tuple[str, str], ...] = (
    (r"/connectapi/v1/(?:providers|institutions)/", "connect-providers"),
    (r"/connectapi/v1/(?:providers|institutions)/(?:\d+|by-eter/[^/]+|by-identifier/[^/]+/[^/]+)", "provider"),
    (r"/webapi/v2/browse/institutions/", "web-institutions"),
    (r"/webapi/v2/browse/institutions/(?:\d+/|by-eter/[^/]+/|by-identifier/[^/]+/[^/]+)", "provider"),
    (r"/(?:connectapi/v1/providers|webapi/v2/browse/institutions)/resources/", "resources"),
    (r"/webapi/v2/browse/reports/", "web-reports"),
    (r"/webapi/v2/browse/reports/\d+/", "report"),
    (r"/webapi/v2/browse/reports/institutional/by-institution/\d+/", "institutional-reports"),
    (r"/webapi/v2/browse/reports/programme/by-institution/\d+/", "programmes"),
    (r"/webapi/v2/browse/agencies/", "web-agencies"),
    (r"/webapi/v2/browse/agencies/activities/", "activities"),
    (r"/webapi/v2/browse/agencies/activity-groups/", "activity-groups"),
    (r"/webapi/v2/browse/agencies/decisions/", "agency-decisions"),
    (r"/webapi/v2/browse/countries/", "countries"),
    (r"/webapi/v2/browse/countries/by-reports/", "countries"),
    (r"/webapi/v2/browse/countries/\d+/", "country"),
    (r"/static/daily-csv/deqar-institutions\.csv", "csv-institutions"),
    (r"/static/daily-csv/deqar-reports\.csv", "csv-reports"),
    (r"/static/daily-csv/deqar-agencies\.csv", "csv-agencies"),
)
ROLES = frozenset(role for _, role in _ROLES)


def role_of(url: str) -> str | None:
    """Return the role of what stands at an address, None where it is no address of DEQAR that is read."""
    path = urlsplit(url).path
    return next((role for pattern, role in _ROLES if re.fullmatch(r".*?" + pattern, path)), None)
