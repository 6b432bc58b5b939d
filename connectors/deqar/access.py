"""Getting in: DEQAR's token, from the environment or in exchange for user name and password.

The token does not expire and is the same each time it is asked for. A wrong password is answered with 401, a wrong
token with 403.
"""

from __future__ import annotations

from collections.abc import Mapping

from connectors.deqar import routes
from connectors.failures import PullFailure
from connectors.feeds.model import BearerAuthentication, Transport
from connectors.http import Fetcher

TOKEN, USERNAME, PASSWORD = "DEQAR_TOKEN", "DEQAR_USERNAME", "DEQAR_PASSWORD"


def has_login(environment: Mapping[str, str]) -> bool:
    """Return whether the environment holds a token, or what one is given for."""
    given = {name for name in (TOKEN, USERNAME, PASSWORD) if environment.get(name, "").strip()}
    return TOKEN in given or {USERNAME, PASSWORD} <= given


def token(anonymous: Fetcher, environment: Mapping[str, str]) -> str:
    """Return the token. `anonymous`: a fetcher for DEQAR without credentials. Raises `PullFailure`."""
    given = environment.get(TOKEN, "").strip()
    if given:
        return given
    user, password = environment.get(USERNAME, "").strip(), environment.get(PASSWORD, "").strip()
    try:
        answer = anonymous.post_form(routes.TOKEN, {"username": user, "password": password}, secrets=[password])
    except PullFailure as failure:
        if failure.status == 401:
            raise _login_refused(failure.url) from None
        raise
    found = answer.get("token")
    if answer.get("state") != "success" or not isinstance(found, str) or not found.strip():
        raise _login_refused(routes.TOKEN)
    return found.strip()


def with_token(transport: Transport) -> Transport:
    """Return the transport with DEQAR's login: a bearer token from the environment."""
    return transport.model_copy(update={"authentication": BearerAuthentication(type="bearer", token_env=TOKEN)})


def missing(url: str, ways: list[str]) -> PullFailure:
    """Return the failure for ways in that need a token where there is none."""
    return PullFailure(
        "permanent",
        "MC00-DEQAR-TOKEN-MISSING",
        url=url,
        message=f"DEQAR's Web API wants a token, which is not there; the contract uses it for: {', '.join(ways)}.",
        remedy="Set DEQAR_TOKEN, or DEQAR_USERNAME and DEQAR_PASSWORD (access is free: write to deqar@eqar.eu). Or let "
        "the contract do without: 'without_token: csv'.",
    )


def _login_refused(url: str) -> PullFailure:
    return PullFailure(
        "permanent",
        "MC00-DEQAR-TOKEN-REFUSED",
        url=url,
        message="DEQAR gives no token for this user name and password.",
        remedy="Check DEQAR_USERNAME and DEQAR_PASSWORD, or set DEQAR_TOKEN; questions go to deqar@eqar.eu.",
        status=401,
    )
