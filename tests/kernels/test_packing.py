"""Packing: names of scalars, tables and counts become their places; a name that is none of them fails."""

from __future__ import annotations

import ast

import numpy as np
import pytest

from tests.engine_worlds import city_named, run_of, settled_of
from tests.house.repo import ROOT
from vsim.exact import tables
from vsim.kernels import build, packing
from vsim.kernels.layout import (
    empty_records,
    flat_lookups,
    flat_tables,
    lean,
    pack,
    pack_bodies,
    record_of,
    unpack_bodies,
)
from vsim.kernels.packing import AREA, ASIDE, BESIDE, BODY, COARSE, HOST, LOOKUPS, SOURCE, TABLES, Names, Person
from vsim.world.metrics import A, M
from vsim.world.settings import Params
from vsim.world.weekly import PERSONAL, Weekly, district_rows

UNIT, SETTLED = city_named("lively")[1], settled_of("lively")


def written(code: str) -> str:
    return ast.unparse(ast.fix_missing_locations(Names().visit(ast.parse(code))))


@pytest.mark.parametrize("name", Params._fields)
def test_a_scalar_becomes_its_place(name: str) -> None:
    assert written(f"x = params.{name}") == f"x = params[{Params._fields.index(name)}]"


@pytest.mark.parametrize("name", Weekly._fields)
def test_a_table_becomes_its_array_and_place(name: str) -> None:
    array, names = ("persons", PERSONAL) if name in PERSONAL else ("area", AREA)
    place = names.index(name)
    assert written(f"x = weekly.{name}[pos]") == f"x = weekly.{array}[pos, {place}]"
    assert written(f"x = weekly.{name}[pos, c]") == f"x = weekly.{array}[pos, {place}, c]"
    assert written(f"f(weekly.{name})") == f"f(weekly.{array}[:, {place}])"


@pytest.mark.parametrize(("code", "wanted"), [
    ("x = state.habit[i]", "x = state[i].habit"),
    ("state.served[i] += people.age[j]", "state[i].served += people[j].age"),
    ("state.duty[:] = 0", "state['duty'][:] = 0"),
    ("n = people.ids.size", "n = people['ids'].size"),
    ("bodies.cash[o] += 1", f"bodies[o, {BODY.index('cash')}] += 1"),
    ("k = bodies.stage.size", f"k = bodies[:, {BODY.index('stage')}].size"),
    ("x = sites.x[layout, tasks[k, 0]]", "x = sites[layout, tasks[k, 0], 1]"),
    ("r = sources.rate[j]", f"r = sources[j, {SOURCE.index('rate')}]"),
    ("x = tables.hazard[clipped(y, 0, tables.hazard.size - 1)]", "x = tables.wide[1, clipped(y, 0, 18432 - 1)]"),
    ("x = lookups.extra[third, w >> 20]", "x = lookups[0 + third, w >> 20]"),
    ("x = largest(lookups.goal)", "x = largest(lookups[6, :65])"),
    ("x = lookups.award[min(age, lookups.award.size - 1)]", "x = lookups[7, min(age, 2048 - 1)]"),
])
def test_a_field_becomes_its_place(code: str, wanted: str) -> None:
    assert written(code) == wanted


@pytest.mark.parametrize("metric", [*M, *A])
def test_a_count_becomes_its_number(metric: M | A) -> None:
    kind = type(metric).__name__
    assert written(f"row[cell, {kind}.{metric.name}] += 1") == f"row[cell, {int(metric)}] += 1"


def test_names_inside_keys_and_deep_in_expressions_are_written_too() -> None:
    fit, base = Params._fields.index("fit"), PERSONAL.index("base")
    wanted = f"y = weekly.persons[pos, {base}, reach[params[{fit}]]]"
    assert written("y = weekly.base[pos, reach[params.fit]]") == wanted
    assert written("g(1 + (params.fit >> 2), a.b[c].d)") == f"g(1 + (params[{fit}] >> 2), a.b[c].d)"


@pytest.mark.parametrize("code", [
    "x = params.fitt", "x = weekly.bases[pos]", "x = weekly.bases", "row[M.HOUR] = 1", "row[A.SEAT] = 1",
    "x = weekly.seat[pos, 3]", "f(weekly.persons)", "x = params[3] + params.y", "x = state.habits[i]",
    "x = people.asks[i]", "x = state.asks[i]", "bodies.stages[o] = 1", "x = sources.place[j]",
    "x = lookups.extras[0, 1]",
])
def test_a_name_that_is_none_of_them_fails(code: str) -> None:
    with pytest.raises((KeyError, ValueError)):
        written(code)


def test_no_name_of_scalar_table_or_count_is_left_in_the_joined_module() -> None:
    left = [
        ast.unparse(node) for node in ast.walk(ast.parse(build.joined_source()))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        and node.value.id in {"params", "weekly", "M", "A", "state", "people", "bodies", "sources", "sites",
                              "organisations", "tables", "lookups"}
        and node.attr not in {"persons", "area", *TABLES}
    ]
    assert left == []


def test_the_arrays_hold_each_table_at_its_place() -> None:
    rows = district_rows(SETTLED.weekly, 1)
    packed = pack(rows)
    assert packed.persons.shape == (30, len(PERSONAL), 1)
    assert packed.area.shape == (30, len(AREA))
    assert packed.persons.flags.c_contiguous
    assert packed.area.flags.c_contiguous
    for place, name in enumerate(PERSONAL):
        assert np.array_equal(packed.persons[:, place], getattr(rows, name)), name
    for place, name in enumerate(AREA):
        assert np.array_equal(packed.area[:, place], getattr(rows, name)), name
    assert sorted((*PERSONAL, *AREA)) == sorted(Weekly._fields)


def test_what_is_fixed_stands_in_rows_with_a_column_for_each_field() -> None:
    sites = SETTLED.sites[1]
    found = lean(UNIT.people, UNIT.sources, sites, UNIT.organisations)
    assert all(getattr(found.people, name) is getattr(UNIT.people, name) for name in Person._fields)
    for column, name in enumerate(SOURCE):
        assert np.array_equal(found.sources[:, column], getattr(UNIT.sources, name)), name
    for column, name in enumerate(HOST):
        assert np.array_equal(found.organisations[:, column], getattr(UNIT.organisations, name)), name
    for column, name in enumerate(sites._fields):
        assert np.array_equal(found.sites[:, :, column], getattr(sites, name)), name


def test_organisations_are_packed_and_unpacked_as_they_were() -> None:
    bodies = run_of("lively").ends[1].bodies
    matrix, town = pack_bodies(bodies)
    back = unpack_bodies(matrix, town)
    assert all(np.array_equal(one, other) for one, other in zip(bodies, back, strict=True))
    town[0] += 1
    assert back.district is town
    assert bodies.district[0] != town[0], "a copy, so that weeks which are run again begin as before"


def test_a_record_is_two_lines_and_holds_every_field_with_its_type() -> None:
    people = lean(UNIT.people, UNIT.sources, SETTLED.sites[1], UNIT.organisations).people
    kind = record_of(UNIT.state, people)
    assert kind.itemsize == 128
    assert kind.isalignedstruct
    fields = {**UNIT.state._asdict(), **people._asdict()}
    assert set(kind.names or ()) == {*fields, *BESIDE} - set(ASIDE)
    assert all(kind[name] == array.dtype for name, array in fields.items() if name not in ASIDE)
    assert max(kind.fields[name][1] for name in ("status", "habit", "weeks", "looked")) < 64, "what every visit reads"
    records = empty_records(UNIT.state, people)
    assert records.shape == (UNIT.people.ids.size,)
    assert records.ctypes.data % 64 == 0


def test_the_flat_tables_are_the_exact_ones() -> None:
    flat = flat_tables()
    for array, names in TABLES.items():
        for row, name in enumerate(names):
            whole = getattr(tables(), name.removesuffix("_most"))
            got = getattr(flat, array)[row]
            if array == "coarse":
                assert np.array_equal(got[: whole.size // COARSE], whole.reshape(-1, COARSE).max(axis=1)), name
            else:
                assert np.array_equal(got[: whole.size], whole), name
    assert sorted(name for array in ("wide", "small") for name in TABLES[array]) == sorted(tables()._fields)


def test_the_flat_lookups_hold_every_small_table_and_refuse_another_shape_or_too_large_numbers() -> None:
    lookups = SETTLED.looks(UNIT.district)
    flat, row = flat_lookups(lookups), 0
    assert list(LOOKUPS) == list(lookups._fields)
    for table in lookups:
        for line in np.atleast_2d(table):
            assert np.array_equal(flat[row, : line.size], line)
            row += 1
    assert row == flat.shape[0]
    with pytest.raises(ValueError, match="goal has shape"):
        flat_lookups(lookups._replace(goal=lookups.goal[:-1]))
    with pytest.raises(ValueError, match="risk holds"):
        flat_lookups(lookups._replace(risk=lookups.risk + (1 << 31)))


def test_every_field_handed_over_is_read_by_a_kernel_and_no_kernel_reads_another() -> None:
    read: dict[str, set[str]] = {name: set() for name in ("state", "people", "sources", "organisations", "sites",
                                                         "bodies", "lookups", "tables")}
    for stem in build.STEMS:
        tree = ast.parse((ROOT / "vsim" / "kernels" / f"{stem}.py").read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in read:
                read[node.value.id].add(node.attr)
    assert read["people"] | read["state"] <= {*UNIT.state._fields, *Person._fields, *BESIDE} - set(ASIDE)
    assert set(Person._fields) <= read["people"]
    assert (read["sources"], read["organisations"]) == (set(SOURCE), set(HOST))
    assert (read["sites"], read["bodies"]) == (set(SETTLED.sites[1]._fields), set(BODY))
    assert read["lookups"] == set(LOOKUPS)
    assert read["tables"] == {name for names in TABLES.values() for name in names}


def test_a_constant_means_the_same_wherever_it_is_imported() -> None:
    """All stems share one module: two constants of one name would silently become one."""
    origin: dict[str, str] = {}
    for stem in build.STEMS:
        tree = ast.parse((ROOT / "vsim" / "kernels" / f"{stem}.py").read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.ImportFrom) and not (node.module or "").startswith("vsim.kernels"):
                for alias in node.names:
                    name = alias.asname or alias.name
                    assert origin.setdefault(name, f"{node.module}.{alias.name}") == f"{node.module}.{alias.name}", stem
    assert "UNREGISTERED" in origin
    assert packing.METRICS == {"M": M, "A": A}
