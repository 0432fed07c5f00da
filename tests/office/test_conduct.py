"""Conduct: who signed, and what followed from a breach."""

from __future__ import annotations

from tests.office.org_desk import ours, written


def test_nothing_follows_without_a_code() -> None:
    off = written()
    assert len(off["conduct_acks"]) == 0
    assert len(off["breach_log"]) > 0
    assert set(off["breach_log"]["sanction"]) == {"none"}


def test_the_ladder_is_climbed_no_further_than_its_rungs() -> None:
    short = ours(written("conduct", rungs=1, level=1)["breach_log"])
    assert set(short["sanction"]) == {"warning"}
    tall = ours(written("conduct", rungs=4, level=1)["breach_log"])
    assert len(set(tall["sanction"])) > 1
    first = tall[tall["severity"] == "minor"].drop_duplicates("person")
    assert (first["sanction"] != "none").all()


def test_a_code_is_signed_once() -> None:
    acks = written("conduct", level=3)["conduct_acks"]
    assert acks["person"].is_unique
    assert set(acks["level"]) == {3}
