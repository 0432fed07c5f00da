"""Packing: names of scalars, tables and counts become their places; a name that is none of them fails."""

from __future__ import annotations

import ast

import numpy as np
import pytest

from tests.engine_worlds import city_named, settled_of
from tests.house.repo import ROOT
from vsim.kernels import build, packing
from vsim.kernels.packing import AREA, Host, Names, Person, Source, lean, pack
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
    "x = weekly.seat[pos, 3]", "f(weekly.persons)", "x = params[3] + params.y",
])
def test_a_name_that_is_none_of_them_fails(code: str) -> None:
    with pytest.raises((KeyError, ValueError)):
        written(code)


def test_no_name_of_scalar_table_or_count_is_left_in_the_joined_module() -> None:
    left = [
        ast.unparse(node) for node in ast.walk(ast.parse(build.joined_source()))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        and node.value.id in {"params", "weekly", "M", "A"} and node.attr not in {"persons", "area"}
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


def test_the_lean_forms_are_the_same_arrays() -> None:
    wholes = (UNIT.people, UNIT.sources, UNIT.organisations)
    for whole, part in zip(wholes, lean(*wholes), strict=True):
        assert all(getattr(part, name) is getattr(whole, name) for name in part._fields)


def test_every_lean_field_is_read_by_a_kernel_and_no_kernel_reads_another() -> None:
    read: dict[str, set[str]] = {"people": set(), "sources": set(), "organisations": set()}
    for stem in build.STEMS:
        tree = ast.parse((ROOT / "vsim" / "kernels" / f"{stem}.py").read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in read:
                read[node.value.id].add(node.attr)
    assert read == {"people": set(Person._fields), "sources": set(Source._fields), "organisations": set(Host._fields)}


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
