"""TLS is verified, with a certificate made for the test."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.failures import PullFailure
from tests.connectors.support import fetcher
from tests.http_server import Answer, Server, serving


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[tuple[Server, str, Path]]:
    """A server that speaks TLS with a certificate that nobody knows; its address and the certificate."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("the openssl program, which makes the test's certificate, is not installed")
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    made = [
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-keyout",
        str(key),
        "-out",
        str(certificate),
    ]
    subprocess.run([openssl, *made, *subject], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with serving({"/": lambda _: Answer(b"[]")}, context) as server:
        yield server, f"https://localhost:{server.port}/", certificate


def test_a_certificate_that_nobody_signed_is_the_sources_fault(secure: tuple[Server, str, Path]) -> None:
    server, url, _ = secure
    with fetcher(url, environment={}) as way, pytest.raises(PullFailure, match="self-signed") as raised:
        way.get(url)
    assert (raised.value.kind, raised.value.code) == ("source", "MC00-PULL-CERTIFICATE")
    assert server.requests == []


def test_an_authority_of_ones_own_may_be_named(secure: tuple[Server, str, Path]) -> None:
    _, url, certificate = secure
    with fetcher(url, environment={"REQUESTS_CA_BUNDLE": str(certificate)}) as way:
        assert way.get(url).body.read() == b"[]"


def test_a_server_that_speaks_no_tls_is_transient() -> None:
    with serving({"/": lambda _: Answer(b"[]")}) as server:
        url = f"https://127.0.0.1:{server.port}/"
        with fetcher(url) as way, pytest.raises(PullFailure) as raised:
            way.get(url)
    assert (raised.value.kind, raised.value.code) == ("transient", "MC00-PULL-CONNECTION")
