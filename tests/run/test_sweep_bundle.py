"""Arms that share their history are kept byte for byte as each would be alone."""

from __future__ import annotations

from pathlib import Path

from tests.run.sweeping import STUDY, study
from vsim.run.sweep_bundle import MOST, Bundle, bundles, work_bundle
from vsim.run.sweep_plan import runs_of
from vsim.run.sweep_work import work
from vsim.spec.design_study import Loaded

ARMS = """arms:
  early: {policies: [{lever: training_gate, districts: [D01], values: {seats: 20, uptake: 0.2}}]}
  late: {policies: [{lever: stars, start_week: 15, districts: [D02, D03], values: {thresholds: [1, 2, 3, 4, 5]}}]}
  women: {policies: [{lever: stars, start_week: 3, groups: [women], share: 0.5, values: {thresholds: [1, 2]}}]}
  announced: {policies: [{lever: points, start_week: 9, announced_week: 2, districts: [D04], values: {per_hour: 9}}]}
  nothing: {policies: [{lever: training_gate, values: {gated_share: 0, seats: 0, uptake: 0}}]}
  other_people: {parameters: {participation.taste_mean: 0.3}}
outcomes: [hours]
replicates: 2
"""


def mixed(folder: Path) -> Loaded:
    return study(folder, "question: What do they share?\nbase: town.yaml\n" + ARMS)


def test_together_is_alone_byte_for_byte(tmp_path: Path) -> None:
    runs = runs_of(mixed(tmp_path))
    together = [bundle for bundle in bundles(runs, runs.jobs()) if bundle.base is not None]
    assert [len(bundle.jobs) for bundle in together] == [6, 6]
    assert all(bundle.jobs[0] is bundle.base for bundle in together)
    for bundle in together:
        assert work_bundle(bundle) == [work(job) for job in bundle.jobs]


def test_the_base_is_not_kept_where_it_is_not_wanted(tmp_path: Path) -> None:
    runs = runs_of(mixed(tmp_path))
    wanted = [job for job in runs.jobs() if job.key not in {one.key for one in runs.cells[0].jobs}]
    for bundle in bundles(runs, wanted):
        found = work_bundle(bundle)
        assert [one.key for one in found] == [job.key for job in bundle.jobs]
        assert found == [work(job) for job in bundle.jobs]


def test_every_job_is_in_one_bundle_and_none_is_too_large(tmp_path: Path) -> None:
    lines = [line for line in STUDY.splitlines() if "participation" not in line]
    runs = runs_of(study(tmp_path, "\n".join(lines).replace("points: 4", "points: 20")))
    jobs = runs.jobs()
    found = bundles(runs, jobs)
    assert sorted(job.key for bundle in found for job in bundle.jobs) == sorted(job.key for job in jobs)
    assert max(len(bundle.jobs) for bundle in found) == MOST
    assert sum(bundle.base is not None for bundle in found) == 3 * 3      # 22 arms under each of three lucks


def test_lucks_of_their_own_are_not_shared(tmp_path: Path) -> None:
    runs = runs_of(study(tmp_path, STUDY + "crn: false\n"))
    assert all(bundle.base is None for bundle in bundles(runs, runs.jobs()))


def test_more_patterns_of_people_than_a_run_can_have_are_run_alone(tmp_path: Path) -> None:
    arms = "".join(f"  a{n}: {{policies: [{{lever: stars, share: 0.{n}, values: {{thresholds: [1, 2]}}}}]}}\n"
                   for n in range(1, 8))
    text = f"question: Many shares?\nbase: town.yaml\narms:\n{arms}outcomes: [hours]\nreplicates: 1\n"
    runs = runs_of(study(tmp_path, text))
    bundle = next(one for one in bundles(runs, runs.jobs()) if one.base is not None)
    assert len(bundle.jobs) == 8
    assert work_bundle(bundle) == work_bundle(Bundle(bundle.jobs))
