"""The published data sets: sound, small, the same bytes each time, the truth apart, and fit for their lessons."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from tests.house.repo import ROOT
from vsim.errors import DataError
from vsim.observe.hub import merge, to_common
from vsim.observe.linkage import link, pairwise_f1
from vsim.observe.platforms import PLATFORMS, schemas
from vsim.report.build import remake
from vsim.report.check import check_package
from vsim.report.package_layout import data_path
from vsim.report.recipe import read_recipe
from vsim.report.truth_tables import cohorts
from vsim.run.compare import compare
from vsim.run.run import COLUMNS
from vsim.run.study import Study
from vsim.spec.scenario import load_scenario

pytestmark = pytest.mark.slow

FOLDERS = sorted(path.parent for path in (ROOT / "datasets").glob("*/recipe.yaml"))
MOST = 20_000_000             # bytes of a data set with its truth
QUARTER = 13
every = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


def read(name: str, table: str, half: str = "") -> pd.DataFrame:
    return pd.read_csv(ROOT / "datasets" / name / half / data_path(table))


def native() -> dict[str, dict[str, pd.DataFrame]]:
    """Return the tables of harbour's platforms, codes as text."""
    return {
        name: {kind: pd.read_csv(ROOT / "datasets/harbour" / data_path(f"{name}_{kind}"), dtype={
            how["column"]: str for how in schema.values() if "codes" in how})
            for kind, schema in schemas()[name].items()} for name in PLATFORMS
    }


@every
def test_a_data_set_is_sound_and_small(folder: Path) -> None:
    assert check_package(folder) == []
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) < MOST


@pytest.mark.slow
@every
def test_frictionless_finds_no_fault(folder: Path) -> None:
    from frictionless import validate

    report = validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["type", "message"])


@pytest.mark.slow
@every
def test_a_recipe_gives_the_bytes_that_are_published(folder: Path) -> None:
    assert remake(read_recipe(folder), folder, write=False) == []


@every
def test_the_readme_says_what_a_set_is_for_in_both_languages(folder: Path) -> None:
    words, told = (folder / "README.md").read_text("utf-8"), (folder / "truth/README.md").read_text("utf-8")
    for paragraph in read_recipe(folder).about:
        for text in paragraph.values():
            assert text.split()[0] in words
            assert text not in told
    assert len(read_recipe(folder).about) == 3 or folder.name == "riverside"


@pytest.mark.parametrize(("text", "words"), [
    ("office: requests", "office is requests; allowed a list of names"),
    ("platforms: [1]", "allowed a list of names"),
    ("about: [{en: A.}]", "allowed a list of paragraphs, each with en and zh_CN"),
    ("offices: [requests]", "Did you mean 'office'"),
])
def test_a_recipe_that_names_nothing_to_take_is_refused(tmp_path: Path, text: str, words: str) -> None:
    start = "name: x\nscenario: riverside\nseed: 1\nreplicates: 2\n"
    (tmp_path / "recipe.yaml").write_text(start + text + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=words):
        read_recipe(tmp_path)


def test_the_register_of_policies_says_when_each_cohort_of_hillcounty_started() -> None:
    policies = read("hillcounty", "policy_register")
    starts = policies[policies["measure"] == "mobile_stations"].groupby("week")["district"].nunique()
    told = read("hillcounty", "rollout_truth", "truth").drop_duplicates("start_week").set_index("start_week")
    assert starts.to_dict() == told["districts"].to_dict() == {26: 10, 39: 10, 52: 10, 65: 10}
    visits = read("hillcounty", "mobile_visits")
    first = visits.groupby("district")["week"].min()
    assert first.value_counts().to_dict() == starts.to_dict()


def test_mobile_stations_change_something_in_hillcounty_and_the_table_by_cohort_says_how_much() -> None:
    told = read("hillcounty", "rollout_truth", "truth")
    own = told[told["indicator"] == "recorded_hours_per_registered"]
    weight = own["districts"] * own["weeks"]
    mean, se = (own["value"] * weight).sum() / weight.sum(), np.sqrt((own["se"] ** 2 * weight**2).sum()) / weight.sum()
    assert mean > 2 * se
    assert (own["since_week"] % QUARTER == 0).all()
    assert (own["base"] > 0).all()


def two_way(panel: NDArray[np.float64], on: NDArray[np.float64]) -> float:
    """Return the coefficient of two-way fixed effects, panel and policy of shape (districts, weeks)."""
    def within(x: NDArray[np.float64]) -> NDArray[np.float64]:
        return x - x.mean(axis=0) - x.mean(axis=1, keepdims=True) + x.mean()

    left = within(on)
    return float((within(panel) * left).sum() / (left * left).sum())


def bias(study: Study) -> tuple[float, float]:
    """Return two-way fixed effects on the mean panel of the worlds with the policy, and the truth in its weeks."""
    hours, people = (study.people[..., COLUMNS.index(name)].sum(axis=1) for name in ("attended", "registered"))
    base, pilot = hours / people * 52
    on = np.zeros(pilot.shape)
    for start, districts in cohorts(study).items():
        on[[study.districts.index(code) for code in districts], start:] = 1
    return two_way(pilot, on), float(((pilot - base) * on).sum() / on.sum())


@pytest.mark.slow
def test_two_way_fixed_effects_overstate_what_mobile_stations_do_where_districts_chose_themselves() -> None:
    base = load_scenario("hillcounty")
    chose, truth = bias(compare(base, load_scenario("hillcounty_pilot"), replicates=8, seed=1))
    lot, fair = bias(compare(base, load_scenario("hillcounty_random"), replicates=8, seed=1))
    assert truth > 0
    assert fair > 0
    assert chose - truth > 0.5 * truth
    assert abs(lot - fair) < chose - truth


def test_links_between_the_platforms_of_harbour_can_be_found_but_not_all() -> None:
    people = to_common(native())["platform_volunteers"]
    truth = read("harbour", "links_truth", "truth")
    found = link(people)
    score = pairwise_f1(found, truth)
    assert 0.6 < score.recall < 0.98
    assert score.precision > 0.8
    assert score.true > 1000


def test_the_register_without_doubles_is_nearer_to_the_truth_than_the_sum_of_the_platforms() -> None:
    tables, truth = native(), read("harbour", "links_truth", "truth")
    people = truth[truth["kind"] == "volunteer"]
    pairs = people.merge(people, on="register_id")
    pairs = pairs[pairs["platform_id_x"] < pairs["platform_id_y"]].rename(
        columns={"platform_id_x": "left", "platform_id_y": "right"})
    rows = len(to_common(tables)["platform_records"])
    once = len(merge(tables, pairs[["left", "right"]]).records)
    service = read("harbour", "service_truth", "truth")
    recorded = int((service["recorded"] & service["duplicate_of"].isna()).sum())
    assert rows > 1.1 * recorded
    assert abs(once - recorded) < 0.4 * (rows - recorded)


def test_names_of_harbour_stand_in_signs_that_a_rule_must_undo() -> None:
    names = to_common(native())["platform_volunteers"].set_index("platform")["name"]
    assert names.loc["platform_b"].str.contains(" ").any()
    assert names.loc["platform_c"].str.contains("張|陳|劉").any()
    assert not names.loc["platform_a"].str.contains(" ").any()


def test_an_audit_finds_added_hours_and_is_near_the_truth_of_all_records() -> None:
    audited = read("harbour", "audited_records")
    service = read("harbour", "service_truth", "truth")
    found = (audited["finding"] == "inflated").mean()
    assert 0.02 < found < 0.3
    assert (audited["hours_found"] <= audited["hours_entered"])[audited["finding"] != "right"].all()
    assert service["inflated"].mean() > 0.02
