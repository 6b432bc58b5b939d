"""What the fetch layer does with bodies: encodings, sizes, cuts; and with servers that take their time."""

from __future__ import annotations

import gzip
import zlib

import pytest

from connectors.failures import PullFailure
from tests.connectors.support import GOOD, failure_of, fetcher
from tests.http_server import Answer, Request, one_after_another, serving

# -- bodies --------------------------------------------------------------------------------------------------------


def deflated(data: bytes, bits: int) -> bytes:
    packer = zlib.compressobj(wbits=bits)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(b'{"a": 1}' * 9999)),
        ("x-gzip", gzip.compress(b'{"a": 1}' * 5000) + gzip.compress(b'{"a": 1}' * 4999)),
        ("gzip", gzip.compress(b'{"a": 1}' * 9999) + b"\0" * 512),
        ("deflate", deflated(b'{"a": 1}' * 9999, zlib.MAX_WBITS)),
        ("deflate", deflated(b'{"a": 1}' * 9999, -zlib.MAX_WBITS)),
        ("identity", b'{"a": 1}' * 9999),
    ],
)
def test_content_encodings_are_undone(encoding: str, body: bytes) -> None:
    answer = Answer(body, headers={"Content-Encoding": encoding})
    with serving({"/list": lambda _: answer}) as server, fetcher(server.url("/list")) as way:
        assert way.get(way.url).body.read() == b'{"a": 1}' * 9999
    assert server.requests[0].headers["accept-encoding"] == "gzip, deflate"


def test_deflate_in_single_bytes() -> None:
    body = deflated(b'{"a": 1}', -zlib.MAX_WBITS)
    answer = Answer(headers={"Content-Encoding": "deflate"}, pieces=[body[i : i + 1] for i in range(len(body))])
    with serving({"/list": lambda _: answer}) as server, fetcher(server.url("/list")) as way:
        assert way.get(way.url).body.read() == b'{"a": 1}'


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip"])
def test_a_content_encoding_that_was_not_asked_for(encoding: str) -> None:
    failure = failure_of({"/list": lambda _: Answer(b"\x1b\x03", headers={"Content-Encoding": encoding})})
    assert (failure.kind, failure.code) == ("source", "MC00-PULL-DAMAGED")


def test_damaged_compression() -> None:
    body = gzip.compress(b"x" * 1000)
    failure = failure_of({"/list": lambda _: Answer(body[:20] + b"\xff" * 20, headers={"Content-Encoding": "gzip"})})
    assert (failure.kind, failure.code) == ("source", "MC00-PULL-DAMAGED")


def test_compression_bomb_is_stopped_by_its_ratio() -> None:
    bomb = gzip.compress(b" " * 60_000_000)
    failure = failure_of({"/list": lambda _: Answer(bomb, headers={"Content-Encoding": "gzip"})})
    assert (failure.kind, failure.code) == ("source", "MC00-PULL-BOMB")


def test_decompressed_size_has_its_own_limit() -> None:
    body = gzip.compress(b"0123456789" * 10_000)
    answer = Answer(body, headers={"Content-Encoding": "gzip"})
    failure = failure_of({"/list": lambda _: answer}, limits={"decompressed_bytes": 50_000})
    assert failure.code == "MC00-PULL-TOO-LARGE"
    assert "transport.limits.decompressed_bytes" in failure.remedy


def test_an_endless_body_is_stopped_at_the_limit() -> None:
    def endless(_: Request) -> Answer:
        return Answer(pieces=(b"x" * 10_000 for _ in range(1_000_000)))

    failure = failure_of({"/list": endless}, limits={"bytes": 1_000_000})
    assert (failure.kind, failure.code) == ("source", "MC00-PULL-TOO-LARGE")
    assert "1,000,000 bytes" in failure.message


def test_the_limit_holds_for_the_whole_pull() -> None:
    with (
        serving({"/list": lambda _: Answer(b"x" * 600)}) as server,
        fetcher(server.url("/list"), limits={"bytes": 1_000}) as way,
    ):
        way.get(way.url)
        with pytest.raises(PullFailure, match="limit"):
            way.get(way.url)


@pytest.mark.parametrize(
    "cut",
    [
        Answer(b'{"items": [', length=5_000, cut=True),
        Answer(pieces=[b'{"items": ['], cut=True),
        Answer(gzip.compress(b'{"items": []}' * 100)[:-12], headers={"Content-Encoding": "gzip"}),
    ],
    ids=["shorter than its length", "chunks without end", "compressed, without end"],
)
def test_a_connection_cut_half_way_is_tried_again(cut: Answer) -> None:
    with serving({"/list": one_after_another(cut, GOOD)}) as server, fetcher(server.url("/list")) as way:
        assert way.get(way.url).body.read() == GOOD.body
    failure = failure_of({"/list": lambda _: cut})
    assert (failure.kind, failure.code) == ("transient", "MC00-PULL-CUT-OFF")


# -- time ----------------------------------------------------------------------------------------------------------


def test_a_server_that_says_nothing_times_out() -> None:
    import threading

    hold = threading.Event()

    def silent(_: Request) -> Answer:
        hold.wait(10)
        return GOOD

    failure = failure_of({"/list": silent}, timeout=0.1, retries={"attempts": 1})
    hold.set()
    assert (failure.kind, failure.code) == ("transient", "MC00-PULL-TIMED-OUT")


def test_a_dripping_body_ends_with_the_time_of_the_pull() -> None:
    import threading

    hold = threading.Event()

    def dripping(_: Request) -> Answer:
        def drops() -> object:
            while not hold.wait(0.02):
                yield b"x"

        return Answer(pieces=drops())  # type: ignore[arg-type]

    failure = failure_of({"/list": dripping}, limits={"seconds": 0.3})
    hold.set()
    assert (failure.kind, failure.code) == ("transient", "MC00-PULL-TOO-LONG")


def test_dripping_headers_end_with_the_time_of_the_pull() -> None:
    import socket
    import threading

    listener = socket.create_server(("127.0.0.1", 0))
    hold = threading.Event()

    def drip() -> None:
        peer, _ = listener.accept()
        with peer:
            peer.sendall(b"HTTP/1.1 200 OK\r\nX: ")
            while not hold.wait(0.02):
                try:
                    peer.sendall(b"x")
                except OSError:
                    return

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    with (
        fetcher(f"http://127.0.0.1:{listener.getsockname()[1]}/", limits={"seconds": 0.3}) as way,
        pytest.raises(PullFailure) as raised,
    ):
        way.get(way.url)
    hold.set()
    thread.join(timeout=5)
    listener.close()
    assert raised.value.code == "MC00-PULL-TOO-LONG"


def test_the_pace_of_a_host_is_kept() -> None:
    slept: list[float] = []
    with serving({"/list": lambda _: GOOD}) as server, fetcher(server.url("/list"), slept=slept, rate=2) as way:
        for _ in range(3):
            way.get(way.url)
    assert len(slept) == 2
    assert 0.3 < slept[0] <= 0.5
    assert 0.7 < slept[1] <= 1.0
