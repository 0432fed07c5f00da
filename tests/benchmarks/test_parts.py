"""What the parts of the benchmark make of their measurements."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks import floor, growth, nation, profile, records


def grown(residents: tuple[float, float] = (100, 110), one: float = 1.01, share: float = 0.01) -> dict[str, Any]:
    """Measurements of growth: cost at two sizes, cost with one lever as a share of that with none."""
    def row(ns: float, part: float = 0.01) -> dict[str, Any]:
        return {"ns": ns, "cpu": ns / 100, "share": part, "residents": 1, "weeks": 1, "attended": 1,
                "yardstick": 50.0}

    return {
        "residents": {"100,000": [row(residents[0])], "1,000,000": [row(residents[1])]}, "weeks": {"52": [row(100)]},
        "participation": {"-2": [row(100)]},
        "levers": {"0": [row(100), row(200)], "1": [row(100 * one, share), row(200 * one, share)],
                   "8": [row(105), row(210)]},
    }


def test_growth_within_its_targets_is_no_problem_and_beyond_it_is() -> None:
    assert growth.problems(grown()) == []
    assert any("differs by 30%" in problem for problem in growth.problems(grown(residents=(100, 130))))
    assert any("a lever costs 4.0%" in problem for problem in growth.problems(grown(one=1.04)))
    assert any("moves people" in problem for problem in growth.problems(grown(share=0.012)))
    text = "\n".join(growth.lines(grown()))
    assert "100,000 2.00, 1,000,000 2.20." in text
    assert "1 declarative lever, slight: +1.0 % of CPU time by the least of the rounds, +1.0" in text
    assert "8 declarative levers, slight: +5.0 %" in text


def test_a_nation_is_extrapolated_from_the_difference_of_two_runs_and_says_so() -> None:
    def row(counties: int, cpu: float, residents: int) -> dict[str, Any]:
        return {"level": "1 %", "counties": counties, "records": "none", "cpu": cpu, "peak": 5e8,
                "residents": residents, "attended": 10, "rows": {"weekly": 1}, "bytes": {"weekly": 100}}

    found = {"rows": [row(8, 5.0, 1_000_000), row(40, 9.0, 5_000_000)]}
    assert nation.extrapolated(found, "1 %", "none") == pytest.approx(5.0 + 239)
    found["rows"] += [{**one, "records": kind} for kind in ("sample", "all") for one in found["rows"][:2]]
    found["rows"] += [{**one, "level": "cn_registry"} for one in found["rows"]]
    told = [line for line in nation.lines(found) if line.startswith("EXTRAPOLATED to 240,000,000")]
    assert len(told) == 6
    assert sum("(target " in line for line in told) == 2, "targets are for one in a hundred a week"
    assert nation.problems({"rows": [], "missing": "no wait4"}) == ["no wait4"]


def test_a_whole_nation_is_held_to_its_targets() -> None:
    def row(level: str, records: str, cpu: float, peak: float, size: int) -> dict[str, Any]:
        return {"level": level, "counties": 2844, "records": records, "cpu": cpu, "peak": peak,
                "residents": 240_000_000, "attended": 10, "rows": {"services": 100}, "bytes": {"services": size}}

    good = [row("1 %", "sample", 119, 1.9e9, 400), row("1 %", "all", 239, 1.9e9, 300),
            row("cn_registry", "all", 900, 1.9e9, 290)]
    assert nation.whole_problems({"rows": good}) == []
    bad = [row("1 %", "sample", 121, 2.1e9, 400), row("1 %", "all", 241, 1.9e9, 310)]
    assert [line.split(":")[0] for line in nation.whole_problems({"rows": bad})] == [
        "records sample", "records sample", "records all", "level 1 %"]
    assert "2,844" in "\n".join(nation.whole_lines({"rows": good}))


def test_a_writer_that_is_slower_or_larger_than_defaults_is_a_problem() -> None:
    def rows(ours: float, size: int) -> dict[str, Any]:
        cpu = {"vsim": ours, "pyarrow": 2.0, "pandas": 9.0, "persons": 1.0, "faker": 50.0}
        return {"rows": [{"writer": name, "rows": 100, "cpu": spent, "bytes": size if name == "vsim" else 900}
                         for name, spent in cpu.items()]}

    assert records.problems(rows(1.0, 300)) == []
    assert any("slower" in problem for problem in records.problems(rows(3.0, 300)))
    assert any("larger" in problem for problem in records.problems(rows(1.0, 1_000)))
    assert "50 (50 - 50) times persons, Faker" in "\n".join(records.lines(rows(1.0, 300)))


def test_no_kernel_can_run_below_the_floor() -> None:
    found = {"copy": [20.0], "triad": [20.0], "philox": [1.5], "lazy": [25.0], "coupled": [33.0], "kept": [38.0]}
    assert floor.problems(found) == []
    assert any("30% of the floor" in line for line in floor.lines(found))
    assert floor.problems({**found, "lazy": [7.0]}) == ["lazy runs below the floor of random numbers"]


def test_a_symbol_of_the_compiled_module_is_its_kernel_and_every_kernel_has_its_stage() -> None:
    assert profile.function_of("vk_2749bc2999983818dcf6::note_parts[abi:v62][abi:c8t](Array<") == "note_parts"
    assert profile.function_of("_ZN23vk_2749bc2999983818dcf610open_blockB3v20B40c8tJTC") == "open_block"
    assert profile.function_of("__memset_avx512 + 4 in section .text") == "__memset_avx512"
    assert profile.function_of("No symbol matches 0x7f") == "unknown"
    owner = profile.stages()
    assert (owner["note_parts"], owner["come"], owner["score_menu"]) == ("turnover", "attendance", "choice")
