"""The run store: whole or not there, the same bytes for the same run, and nothing spoilt goes unseen."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from tests.cli.small import bytes_of
from vsim.errors import DataError, UsageError
from vsim.run.store import META, PART, RESULT, Packed, Store, digest, key_of, pack

CONTENT = {"kind": "run", "seed": 7}
ARRAYS = {"people": np.arange(24).reshape(2, 3, 4), "tasks": np.array([1, -(2**40)])}


def packed(seed: int = 7, add: int = 0) -> Packed:
    return pack({**CONTENT, "seed": seed}, {name: array + add for name, array in ARRAYS.items()}, f"sum {add}")


def test_what_is_kept_is_read_back(tmp_path: Path) -> None:
    store = Store(tmp_path / "runs")
    one = packed()
    assert one.key not in store
    store.put(one)
    assert one.key in store
    found = store.load(one.key)
    assert {name: array.tolist() for name, array in found.items()} == {n: a.tolist() for n, a in ARRAYS.items()}
    meta = store.meta(one.key)
    assert meta is not None
    assert meta["content"] == CONTENT
    assert key_of(meta["content"]) == one.key


def test_the_same_run_gives_the_same_bytes_and_another_another_key() -> None:
    assert packed() == packed()
    assert packed(8).key != packed().key
    assert digest(ARRAYS) != digest({**ARRAYS, "tasks": ARRAYS["tasks"][:1]})
    assert digest({"a": np.zeros((2, 3))}) != digest({"a": np.zeros((3, 2))})


def test_the_key_does_not_depend_on_the_order_of_what_it_is_a_function_of() -> None:
    assert key_of({"a": 1, "b": [2.0]}) == key_of({"b": [2.0], "a": 1})


def test_a_folder_half_written_is_no_run_and_is_swept_away(tmp_path: Path) -> None:
    store, one = Store(tmp_path), packed()
    part = tmp_path / f"{PART}{one.key[:16]}-there-1-2"
    part.mkdir()
    (part / RESULT).write_bytes(one.result[:100])
    assert one.key not in store
    store.put(one)
    assert store.sweep() == 1
    assert [path.name for path in tmp_path.iterdir()] == [one.key]


@pytest.mark.parametrize("spoil", [
    lambda folder: (folder / META).unlink(),
    lambda folder: (folder / META).write_text("{"),
    lambda folder: (folder / RESULT).write_bytes(b"short"),
    lambda folder: (folder / RESULT).unlink(),
    lambda folder: (folder / META).write_text((folder / META).read_text().replace('"seed": 7', '"seed": 8')),
])
def test_a_spoilt_folder_is_missing_and_is_written_again(tmp_path: Path, spoil: object) -> None:
    store, one = Store(tmp_path), packed()
    store.put(one)
    assert callable(spoil)
    spoil(tmp_path / one.key)
    assert store.missing([one.key, one.key]) == [one.key]
    with pytest.raises(DataError, match=one.key):
        store.load(one.key)
    store.put(one)
    assert store.load(one.key)["tasks"].tolist() == ARRAYS["tasks"].tolist()
    assert [path.name for path in tmp_path.iterdir()] == [one.key]


def test_a_changed_byte_of_the_same_length_is_found_on_reading(tmp_path: Path) -> None:
    store, one = Store(tmp_path), packed()
    store.put(one)
    path = tmp_path / one.key / RESULT
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(bytes(raw))
    with pytest.raises(DataError, match=f"{one.key}.*SHA-256"):
        store.load(one.key)


def test_other_values_under_a_key_are_an_error_that_names_the_run(tmp_path: Path) -> None:
    store, one = Store(tmp_path), packed()
    store.put(one)
    store.check(one)
    before = bytes_of(tmp_path)
    for keep in (store.put, store.check):
        with pytest.raises(DataError, match=one.key):
            keep(packed(add=1))
    assert bytes_of(tmp_path) == before


def test_many_writers_of_one_run_leave_one_whole_run(tmp_path: Path) -> None:
    jobs = [packed(seed) for seed in range(4)] * 12

    def write(one: Packed) -> None:
        store = Store(tmp_path)
        store.put(one)
        store.sweep()                               # each takes away what others are writing

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, jobs))
    store = Store(tmp_path)
    store.sweep()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted({one.key for one in jobs})
    for one in jobs:
        assert (tmp_path / one.key / RESULT).read_bytes() == one.result


def test_a_file_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("")
    with pytest.raises(UsageError, match="is a file"):
        Store(tmp_path / "runs")


def test_meta_is_plain_json_that_names_everything() -> None:
    meta = json.loads(packed().meta)
    assert set(meta) == {"key", "content", "checksum", "values", "bytes", "sha256"}
