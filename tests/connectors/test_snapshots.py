"""Snapshots keep what came, once, and notice damage."""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.documents import Fetched
from connectors.snapshots import SnapshotProblem, SnapshotStore, snapshot_id
from standard.observation import Observation

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def answer(body: bytes, name: str = "a.json", role: str = "list", **changes: object) -> Fetched:
    return Fetched(name, role, "https://x.example/a", io.BytesIO(body), **changes)  # type: ignore[arg-type]


@pytest.fixture(params=["folder", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> SnapshotStore:
    return SnapshotStore(str(tmp_path / "s") if request.param == "folder" else f"memory://{uuid.uuid4().hex}")


def test_documents_come_back_byte_for_byte(store: SnapshotStore) -> None:
    headers = {"content-type": "Application/JSON; charset=utf-8", "etag": '"1"'}
    kept = store.keep("feed", [answer(b"\x00\xff" * 9, headers=headers), answer(b"", "b.xml", "extra")], NOON)
    again = store.open("feed", kept.snapshot_id)
    assert [document.read() for document in again.documents] == [b"\x00\xff" * 9, b""]
    first = again.documents[0]
    assert (first.name, first.role, first.size, first.media_type) == ("a.json", "list", 18, "application/json")
    assert (again.taken_at, again.confirmed_at) == (NOON, NOON)
    assert again.manifest["documents"][0]["headers"] == headers
    assert again.manifest["pages"] == 2


def test_a_stream_can_be_opened_again_and_read_in_pieces(store: SnapshotStore) -> None:
    body = bytes(range(256)) * 20_000
    document = store.keep("feed", [answer(body)], NOON).documents[0]
    for _ in range(2):
        with document.open() as stream:
            assert stream.read(3) == body[:3]
            assert stream.read() == body[3:]


def test_the_same_content_is_the_same_snapshot_and_the_log_grows(store: SnapshotStore) -> None:
    later = NOON + timedelta(days=1)
    first = store.keep("feed", [answer(b"1")], NOON)
    second = store.keep("feed", [answer(b"1", status=304)], later)
    assert second.snapshot_id == first.snapshot_id
    assert (second.taken_at, second.confirmed_at) == (NOON, later)
    assert [(pull.taken_at, pull.new, pull.unchanged_documents) for pull in store.pulls("feed")] == [
        (NOON, True, 0),
        (later, False, 1),
    ]


def test_latest_is_the_newest_pull_even_if_its_content_is_old(store: SnapshotStore) -> None:
    assert store.latest("feed") is None
    first = store.keep("feed", [answer(b"1")], NOON)
    store.keep("feed", [answer(b"2")], NOON + timedelta(hours=1))
    store.keep("other", [answer(b"3")], NOON + timedelta(hours=9))
    store.keep("feed", [answer(b"1")], NOON + timedelta(hours=2))
    latest = store.latest("feed")
    assert latest is not None
    assert latest.snapshot_id == first.snapshot_id


def test_times_of_other_zones_are_kept_as_moments(store: SnapshotStore) -> None:
    zone = timezone(timedelta(hours=2))
    assert store.keep("feed", [answer(b"1")], NOON.astimezone(zone)).taken_at == NOON
    with pytest.raises(ValueError, match="zone"):
        store.keep("feed", [answer(b"1")], NOON.replace(tzinfo=None))


def test_a_pull_that_fails_half_way_leaves_the_latest_as_it_was(store: SnapshotStore) -> None:
    before = store.keep("feed", [answer(b"1")], NOON)

    def breaking() -> Iterator[Fetched]:
        yield answer(b"2")
        raise RuntimeError("cut")

    with pytest.raises(RuntimeError, match="cut"):
        store.keep("feed", breaking(), NOON + timedelta(hours=1))
    latest = store.latest("feed")
    assert latest is not None
    assert latest.snapshot_id == before.snapshot_id
    assert len(store.pulls("feed")) == 1


def test_notes_written_while_pulling_are_kept(store: SnapshotStore) -> None:
    notes: list[Observation] = []

    def noting() -> Iterator[Fetched]:
        yield answer(b"1")
        notes.append(Observation("MC00-SOURCE-TOTAL-DIFFERS", facts={"found": "1"}))

    kept = store.keep("feed", noting(), NOON, notes=notes)
    assert store.open("feed", kept.snapshot_id).notes == notes


def test_a_body_that_cannot_be_rewound_is_kept_too(store: SnapshotStore) -> None:
    class Once(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: int) -> int:
            raise io.UnsupportedOperation

    fetched = Fetched("a", "r", "u", Once(b"once"))
    assert store.keep("feed", [fetched], NOON).documents[0].read() == b"once"


def test_content_is_shared_and_written_once(tmp_path: Path) -> None:
    store = SnapshotStore(str(tmp_path))
    store.keep("one", [answer(b"same"), answer(b"same", "b")], NOON)
    stored = next(iter(tmp_path.glob("objects/*/*.zst")))
    stamp = stored.stat().st_mtime_ns
    store.keep("two", [answer(b"same")], NOON)
    assert [stored] == list(tmp_path.glob("objects/*/*.zst"))
    assert stored.stat().st_mtime_ns == stamp
    assert not list(tmp_path.rglob("*.part"))


@pytest.mark.parametrize("damage", [b"", b"not compressed", None], ids=["emptied", "overwritten", "removed"])
def test_damage_is_noticed_and_says_what_to_do(tmp_path: Path, damage: bytes | None) -> None:
    store = SnapshotStore(str(tmp_path))
    document = store.keep("feed", [answer(b"content")], NOON).documents[0]
    stored = next(iter(tmp_path.glob("objects/*/*.zst")))
    stored.unlink() if damage is None else stored.write_bytes(damage)
    with pytest.raises(SnapshotProblem, match=stored.name) as raised:
        document.read()
    assert "pull the feed again" in str(raised.value)


def test_other_content_under_a_known_name_is_noticed(tmp_path: Path) -> None:
    store = SnapshotStore(str(tmp_path))
    one = store.keep("feed", [answer(b"one")], NOON).documents[0]
    two = store.keep("feed", [answer(b"two")], NOON).documents[0]
    by_hash = {path.stem: path for path in tmp_path.glob("objects/*/*.zst")}
    by_hash[one.sha256].write_bytes(by_hash[two.sha256].read_bytes())
    with pytest.raises(SnapshotProblem, match="does not match its name"):
        one.read()


def test_a_deleted_document_comes_back_with_the_next_pull(tmp_path: Path) -> None:
    store = SnapshotStore(str(tmp_path))
    store.keep("feed", [answer(b"content")], NOON)
    next(iter(tmp_path.glob("objects/*/*.zst"))).unlink()
    assert store.keep("feed", [answer(b"content")], NOON + timedelta(1)).documents[0].read() == b"content"


def test_a_damaged_or_exchanged_manifest(tmp_path: Path) -> None:
    store = SnapshotStore(str(tmp_path))
    kept = store.keep("feed", [answer(b"content")], NOON)
    manifest = next(iter(tmp_path.glob("feeds/feed/snapshots/*.json")))
    changed = json.loads(manifest.read_bytes())
    changed["documents"][0]["name"] = "b.json"
    for damage in (json.dumps(changed).encode(), b"{"):
        manifest.write_bytes(damage)
        with pytest.raises(SnapshotProblem, match="manifest"):
            store.open("feed", kept.snapshot_id)
    assert store.keep("feed", [answer(b"content")], NOON + timedelta(1)).documents[0].read() == b"content"
    with pytest.raises(SnapshotProblem, match="no snapshot"):
        store.open("feed", "0" * 16)


triples = st.tuples(st.text(max_size=3), st.text(max_size=3), st.sampled_from(["a" * 64, "b" * 64]))


@given(st.lists(triples, max_size=4), st.lists(triples, max_size=4))
def test_the_id_is_a_function_of_role_name_and_content_in_order(
    one: list[tuple[str, str, str]], two: list[tuple[str, str, str]]
) -> None:
    assert (snapshot_id(one) == snapshot_id(two)) == (one == two)
