"""truth.json: every estimand with its provenance, the same bytes again, and never where learners could find it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from tests.run.truth_brute import HALF, OATH, SEED, WIDTH, plain_town
from vsim.errors import UsageError
from vsim.levers.service_learning import ServiceLearning
from vsim.report.truth_file import FILE, MARKS, provenance, truth_of, write_truth
from vsim.run.run import MODEL_VERSION
from vsim.run.truth_cohorts import spillover_by_contacts
from vsim.run.truth_effects import ESTIMANDS, Truths
from vsim.run.truth_people import OUTCOMES
from vsim.run.truth_twins import truths


@cache
def found(flips: int = 3, replicates: int = 2) -> Truths:
    return truths(plain_town(), plain_town(HALF, OATH), replicates=replicates, seed=SEED, window=WIDTH, flips=flips)


def test_every_estimand_of_every_outcome_is_told_as_it_was_measured(tmp_path: Path) -> None:
    path = write_truth(found(), tmp_path / "new")
    told = json.loads(path.read_text(encoding="utf-8"))
    assert path.name == FILE
    assert [(row["outcome"], row["estimand"]) for row in told["estimands"]] == [
        (outcome, estimand) for outcome in OUTCOMES for estimand in ESTIMANDS]
    assert told["absent"] == {}
    for row in told["estimands"]:
        made = found().effect(row["estimand"], row["outcome"])
        if made.value == made.value:
            assert (row["value"], row["unit"], row["n"]) == (made.value, made.unit, 2)
        else:
            assert row["value"] is None
    contacts = [row for row in told["spillover_by_contacts"] if row["outcome"] == "hours"]
    assert [row["value"] for row in contacts] == pytest.approx(list(spillover_by_contacts(found())["value"]))
    assert {row["since"] for row in told["dynamic"]} == {0, 1, 2}


def test_the_provenance_names_scenarios_lucks_population_and_model() -> None:
    told = provenance(found())
    assert told["base"]["hash"] == plain_town().hash
    assert told["pilot"]["hash"] == plain_town(HALF, OATH).hash
    assert told["everyone"]["hash"] not in {told["base"]["hash"], told["pilot"]["hash"]}
    assert (told["seed"], told["first"], told["replicates"]) == (SEED, 0, 2)
    assert (told["model_version"], told["population"], told["window_weeks"]) == (MODEL_VERSION, "residents", WIDTH)
    assert told["flipped"] == 12
    other = truths(plain_town(), plain_town(HALF), replicates=1, seed=SEED, window=WIDTH)
    assert provenance(other)["covered"] == told["covered"], "the same lot"
    groups = truths(plain_town(), plain_town(ServiceLearning(groups=["women"])), replicates=1, window=WIDTH)
    assert provenance(groups)["covered"] != told["covered"]


def test_the_same_study_gives_the_same_bytes(tmp_path: Path) -> None:
    again = truths(plain_town(), plain_town(HALF, OATH), replicates=2, seed=SEED, window=WIDTH, flips=3, threads=1)
    one, other = (write_truth(made, tmp_path / name).read_bytes() for name, made in (("a", found()), ("b", again)))
    assert one == other


def test_what_was_not_measured_is_told_with_its_reason_and_one_replicate_has_no_interval(tmp_path: Path) -> None:
    told = truth_of(found(0, 1), ["hours"])
    assert set(told["absent"]) == {"direct", "wedge", "indirect"}
    assert "needs flipped residents" in told["absent"]["direct"]
    row = next(row for row in told["estimands"] if row["estimand"] == "total")
    assert row["se"] is None
    json.dumps(told, allow_nan=False)


@pytest.mark.parametrize("mark", MARKS)
def test_no_truth_is_written_into_or_below_what_learners_are_given(tmp_path: Path, mark: str) -> None:
    (tmp_path / mark).write_text("x", encoding="utf-8")
    for folder in (tmp_path, tmp_path / "answers", tmp_path / "a" / "b"):
        with pytest.raises(UsageError, match=f"{MARKS[mark]} \\({mark}\\)"):
            write_truth(found(), folder)
    assert sorted(path.name for path in tmp_path.iterdir()) == [mark]


@pytest.mark.parametrize("name", ["people.csv", "weekly.parquet", "notes.txt"])
def test_a_folder_with_other_files_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("x", encoding="utf-8")
    with pytest.raises(UsageError, match=f"holds {name}; allowed a folder for truth.json alone"):
        write_truth(found(), tmp_path, force=True)


def test_nothing_is_overwritten_without_force(tmp_path: Path) -> None:
    path = write_truth(found(), tmp_path)
    before = path.read_bytes()
    with pytest.raises(UsageError, match="--force"):
        write_truth(found(0), tmp_path)
    assert path.read_bytes() == before
    write_truth(found(0), tmp_path, force=True)
    assert path.read_bytes() != before
    with pytest.raises(UsageError, match="is no folder"):
        write_truth(found(), path)
