"""The hub: what arrives, how late, which value stays, and what is exchanged (clauses V.3.b1 and V.3.c)."""

from __future__ import annotations

from tests.engine_worlds import SEED, town
from tests.office.org_desk import BEGIN, WHERE, ours, written
from vsim.run.measures import all_tables
from vsim.run.run import simulate
from vsim.spec.policy import Policy


def test_without_a_hub_nothing_is_loaded_or_exchanged() -> None:
    off = written()
    assert [len(off[name]) for name in ("hub_loads", "load_conflicts", "exchange_log")] == [0, 0, 0]


def test_every_record_entered_under_the_hub_is_loaded_once() -> None:
    tables = written("data_hub", rule=2)
    placed = tables["placements"].merge(tables["tasks"][["task", "district"]], on="task")
    due = placed[(placed["week"] >= 0) & (placed["flags"] & 1 > 0) & placed["due"].between(BEGIN, 39)]
    loads = ours(tables["hub_loads"])
    assert loads["records"].sum() == (due["district"] == WHERE).sum()
    assert (loads["received"] >= loads["records"] + loads["doubles"]).all()
    assert (loads["conflicts"] <= loads["doubles"]).all()
    assert loads["conflicts"].sum() == len(tables["load_conflicts"])
    assert set(tables["hub_loads"]["district"]) == {WHERE}


def test_rare_loads_bring_records_late() -> None:
    often, rarely = (written("data_hub", rule=2, every_days=days)["hub_loads"] for days in (7, 28))
    assert rarely["delay_days"].mean() > often["delay_days"].mean()
    assert len(rarely) < len(often)


def test_the_platform_that_stands_first_is_believed_where_it_said_something() -> None:
    for number, name in enumerate(("platform_a", "platform_b", "platform_c")):
        rows = written("data_hub", rule=2, first_platform=number)["load_conflicts"]
        assert len(rows)
        assert (rows["kept_from"] != rows["other_from"]).all()
        assert not (rows["other_from"] == name).any()


def test_platforms_that_keep_the_standard_are_refused_nothing() -> None:
    used = Policy(lever="interoperability", start_week=4, values={"adoption": 1.0})
    parts = {"organisations.platform_b": 0.3, "organisations.platform_c": 0.3, "organisations.per_thousand": 50.0}
    log = all_tables(simulate(town(parts, residents=900, districts=2, policies=(used,)), SEED))["exchange_log"]
    assert set(log["platform"]) == {"platform_a", "platform_b", "platform_c"}
    assert set(log["schema"]) == {"common"}
    assert log["refused"].sum() == 0
    mapped = ours(written("interoperability", adoption=0.0, mapping_budget=0.0)["exchange_log"])
    assert set(mapped["schema"]) == {"mapped"}
    assert 0 < mapped["refused"].sum() < mapped["sent"].sum()
