"""Teams: members as the engine has them, sizes, hosts and leaders."""

from __future__ import annotations

from tests.office.org_desk import WHERE, ours, written


def test_members_are_those_of_the_engine() -> None:
    on = written("teams", chance=0.2)
    people = on["people"]
    truly = people[(people["team"] > 0) & (people["district"] == WHERE)]
    assert set(on["team_membership"]["person"]) == set(truly["person"])
    assert len(on["team_membership"]) == on["weekly"]["teamed"].sum() > 0


def test_small_teams_are_not_entered_and_get_no_grant() -> None:
    one, other = written("teams", chance=0.2, min_size=2), written("teams", chance=0.2, min_size=20)
    assert len(one["teams"]) >= len(other["teams"])
    assert (one["teams"]["size"] == 2).all()
    paid = one["money"][one["money"]["line"] == "team_grant"]
    assert paid["fen"].sum() == 50000 * len(one["teams"])


def test_hosts_take_more_and_leaders_are_more() -> None:
    assert len(ours(written("hosting", capacity=20)["hosting"])) > len(ours(written()["hosting"]))
    many = ours(written("leaders", ratio=5)["role_assignments"])
    assert len(many) > len(ours(written("leaders", ratio=60)["role_assignments"])) > 0
    short = ours(written("leaders", ratio=5, term_months=6)["role_assignments"])
    assert len(short) >= len(many)
