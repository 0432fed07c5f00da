"""Malformed scenario files: each gives one clear line that names the file, and nothing else happens."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from vsim.errors import UsageError
from vsim.spec.scenario import Scenario, WorldSpec, load_scenario

WORLD = "world: {residents: 1000, districts: 4, prefectures: 2, registered_share: 0.2}\n"
RUN = ("start: 2025-01-06", "weeks: 52", "")
GOOD = WORLD + "start: 2025-01-06\nweeks: 52\n"


def world(**fields: object) -> str:
    plain = {"residents": 1000, "districts": 4, "prefectures": 2, "registered_share": 0.2, **fields}
    return "\n".join(["world:", *(f"  {key}: {value}" for key, value in plain.items()), *RUN])


HOSTILE: dict[str, tuple[str | bytes, str]] = {
    # no mapping at all
    "empty": ("", "is empty"),
    "only notes": ("# nothing\n", "is empty"),
    "a list": ("- weeks: 3\n", ":1: holds a list"),
    "a word": ("riverside\n", ":1: holds one value"),
    "binary": (bytes(range(256)) * 20, "is not UTF-8 text"),
    "zeros": (b"\0" * 100, "holds binary data"),
    "gb18030": ("title: 河滨市\n".encode("gb18030") + GOOD.encode(), ":1: is not UTF-8 text"),
    "utf-16": (GOOD.encode("utf-16"), "is not UTF-8 text"),
    "too large": (b"#" * 3_000_000, "is too large"),
    # YAML that hides or breaks something
    "tabs": ("world:\n\tresidents: 1000\n", ":2: is not valid YAML (a tab"),
    "duplicate key": (GOOD + "weeks: 104\n", ":4: the key 'weeks' stands twice"),
    "duplicate inner key": ("world:\n  residents: 1000\n  residents: 2000\n", ":3: the key 'residents' stands twice"),
    "alias": ("a: &a 1\nweeks: *a\n", ":2: the alias *a"),
    "alias bomb": ("a: &a [1, 1]\nb: &b [*a, *a]\nc: [*b, *b]\n", ":2: the alias *a"),
    "merge key": ("<<: {weeks: 3}\n" + GOOD, "merge key"),
    "python tag": ("title: !!python/object/apply:os.system ['true']\n" + GOOD, "the tag"),
    "two documents": (GOOD + "---\n" + GOOD, "a second document"),
    "deep": ("title: " + "[" * 5000 + "]" * 5000, "nested more than"),
    "open bracket": ("world: {residents: 1000\n", "is not valid YAML"),
    "open quote": ("title: 'a\n", "is not valid YAML"),
    "control character": (b"title: \x07\n" + GOOD.encode(), "is not valid YAML"),
    "key that is a list": ("? [a]\n: 1\n", "a key is no plain text"),
    # keys
    "misspelt key": (GOOD.replace("weeks", "weks"), ":3: weks is an unknown key. Did you mean 'weeks'?"),
    "misspelt inner key": (world(resident=5), ":6: world.resident is an unknown key. Did you mean 'residents'?"),
    "key of nothing": (GOOD + "colour: red\n", ":4: colour is an unknown key. Allowed name, title"),
    "control character in a key": (GOOD + '"we\\eks\\n": 3\n', "we ks is an unknown key"),
    "no world": ("start: 2025-01-06\nweeks: 52\n", "world is missing"),
    "no start": (WORLD + "weeks: 52\n", "start is missing; allowed a Monday"),
    "no weeks": (WORLD + "start: 2025-01-06\n", "weeks is missing"),
    "no residents": (GOOD.replace("residents: 1000, ", ""), ":1: world.residents is missing"),
    # wrong types
    "world is a number": (GOOD.replace(WORLD, "world: 5\n"), ":1: world is 5"),
    "world is null": (GOOD.replace(WORLD, "world:\n"), ":1: world is empty"),
    "text for a number": (world(residents="many"), ":2: world.residents is many; allowed a whole number, 100 to"),
    "quoted number": (world(residents="'1000'"), "world.residents is 1000; allowed a whole number"),
    "half a resident": (world(residents=1000.5), "world.residents is 1000.5"),
    "yes for a number": (world(residents="true"), "world.residents is true"),
    "list for a number": (world(residents="[1000]"), "world.residents is [1000]"),
    "weeks as text": (GOOD.replace("52", "a year"), ":3: weeks is a year; allowed a whole number of weeks, 1 to 1040"),
    "weeks with a fraction": (GOOD.replace("52", "52.0"), "weeks is 52.0"),
    "title as a list": (GOOD + "title: [a]\n", ":4: title is ['a']"),
    "parameters as a list": (GOOD + "parameters: [1]\n", ":4: parameters is [1]"),
    "policies as a mapping": (GOOD + "policies: {lever: stars}\n", ":4: policies is {'lever': 'stars'}"),
    "policy as a word": (GOOD + "policies:\n- stars\n", ":5: policies[0] is stars"),
    "values as a list": (GOOD + "policies:\n- {lever: stars, values: [1]}\n", "policies[0].values is [1]"),
    # numbers out of range
    "nan": (world(registered_share=".nan"), ":5: world.registered_share is nan; allowed a share, 0 to 1"),
    "infinite": (world(registered_share=".inf"), "world.registered_share is inf"),
    "negative": (world(residents=-1000), "world.residents is -1000"),
    "huge": (world(residents=10**12), "world.residents is 1000000000000; allowed a whole number, 100 to 300,000,000"),
    "beyond any number": (world(residents="9" * 10_000), "is no date or number that exists"),
    "beyond any float": (world(registered_share="1e999"), "world.registered_share is inf"),
    "too many districts": (world(districts=21), ":3: world.districts is 21; allowed 1 to 20 for 1,000 residents"),
    "no districts": (world(districts=0), "world.districts is 0"),
    "more prefectures than districts": (world(prefectures=5), ":4: world.prefectures is 5; allowed 1 to 4"),
    "share above one": (world(registered_share=20), "world.registered_share is 20"),
    "negative seed": (world(seed=-1), "world.seed is -1"),
    "region with a path": (world(region="../../etc"), "world.region is ../../etc"),
    "no weeks at all": (GOOD.replace("52", "0"), "weeks is 0"),
    "a thousand years": (GOOD.replace("52", "52000"), "weeks is 52000"),
    "endless warm-up": (GOOD + "warmup_weeks: 521\n", "warmup_weeks is 521"),
    # dates
    "no Monday": (GOOD.replace("2025-01-06", "2025-01-07"), ":2: start is 2025-01-07 (Tuesday); allowed a Monday"),
    "no such day": (GOOD.replace("2025-01-06", "2025-02-30"), ":2: the value 2025-02-30 is no date"),
    "no date": (GOOD.replace("2025-01-06", "soon"), ":2: start is soon; allowed a Monday"),
    "the year one": (GOOD.replace("2025-01-06", "0001-01-01"), "start is 0001-01-01"),
    "the year 9999": (GOOD.replace("2025-01-06", "9999-12-27"), "start is 9999-12-27"),
    # names
    "name with a path": (GOOD + "name: ../x\n", "name is ../x; allowed letters"),
    "endless title": (GOOD + f"title: {'x' * 500}\n", "title is xxx"),
    # parameters and policies
    "unknown parameter": (GOOD + "parameters: {participation.tast_mean: 1}\n", "Did you mean 'participation.taste_"),
    "parameter out of range": (GOOD + "parameters:\n  stars.goal: 99\n", ":5: parameters.stars.goal is 99; allowed"),
    "parameter as text": (GOOD + "parameters: {stars.goal: much}\n", "parameters.stars.goal is much"),
    "parameter as nan": (GOOD + "parameters: {stars.goal: .nan}\n", "parameters.stars.goal is nan"),
    "unknown lever": (GOOD + "policies:\n- lever: strs\n", ":5: policies[0].lever is 'strs'"),
    "policy without a lever": (GOOD + "policies:\n- start_week: 3\n", ":5: policies[0].lever is missing"),
    "unknown value": (GOOD + "policies:\n- lever: stars\n  values: {steps: [1]}\n", "stars has no value 'steps'"),
    "falling ladder": (GOOD + "policies:\n- lever: stars\n  values:\n    thresholds: [30, 10]\n", "allowed ascending"),
    "endless ladder": (GOOD + f"policies:\n- lever: stars\n  values: {{thresholds: {[*range(1, 99)]}}}\n", "allowed"),
    "unknown district": (GOOD + "policies:\n- {lever: stars, districts: [D05]}\n", "is 'D05'; allowed D01 to D04"),
    "policy after the run": (GOOD + "policies:\n- {lever: stars, start_week: 52}\n", "is 52; allowed 0 to 51"),
    "policy before the run": (GOOD + "policies:\n- {lever: stars, start: 2024-01-01}\n", "allowed 2025-01-06 to"),
    "end before start": (GOOD + "policies:\n- {lever: stars, start_week: 9, end_week: 3}\n", "end_week is 3"),
    "two starts": (GOOD + "policies:\n- {lever: stars, start_week: 9, start: 2025-03-03}\n", "stands beside"),
    "endless policies": (GOOD + "policies:\n" + "- lever: stars\n" * 5000, "at most 200 policies"),
    # parents
    "unknown parent": ("extends: rivrside\n", ":1: extends is 'rivrside'"),
    "missing parent": ("extends: gone.yaml\n", "gone.yaml: no such file"),
    "parent is itself": ("extends: case.yaml\n", "comes back to"),
    "parent is a number": ("extends: 5\n", ":1: extends is 5"),
    "parent is a folder": ("extends: ./\n", "is a directory"),
    "child breaks the parent": ("extends: riverside\nworld: {residents: 100}\n", "world.districts is 40"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_malformed_scenario_gives_one_clear_line(tmp_path: Path, case: str) -> None:
    text, words = HOSTILE[case]
    path = tmp_path / "case.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(UsageError) as error:
        load_scenario(path)
    message = str(error.value)
    assert error.value.exit_code == 2
    assert words in message
    assert message.startswith(str(tmp_path))
    assert len(message.splitlines()) == 1
    assert message.isprintable()
    assert len(message) < 500 + len(str(path)) * 2
    assert message.endswith((".", "?", ")"))
    for word in ("Traceback", "pydantic", "yaml.org,2002:map", "ValidationError", "input_value"):
        assert word not in message
    assert [item.name for item in tmp_path.iterdir()] == ["case.yaml"]


def test_the_same_file_without_its_fault_is_accepted(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    for text in (GOOD, world(), "\ufeff" + GOOD, GOOD.replace("\n", "\r\n")):
        path.write_text(text, encoding="utf-8", newline="")
        assert load_scenario(path).weeks == 52


@pytest.mark.parametrize("named", ["missing.yaml", "no/such/folder/x.yaml", "."])
def test_a_path_that_is_no_file_gives_one_clear_line(tmp_path: Path, named: str) -> None:
    with pytest.raises(UsageError) as error:
        load_scenario(tmp_path / named)
    assert str(tmp_path) in str(error.value)
    assert len(str(error.value).splitlines()) == 1


def test_a_name_that_is_no_scenario_gives_one_clear_line() -> None:
    for named in ("", "river side", "x" * 1000, "\n\n", "rm -rf"):
        with pytest.raises(UsageError) as error:
            load_scenario(named)
        assert str(error.value).startswith("scenario is '")
        assert len(str(error.value)) < 300


def test_the_library_refuses_the_same_in_python() -> None:
    base = load_scenario("riverside")
    with pytest.raises(UsageError, match=r"world: residents is 12; allowed a whole number"):
        WorldSpec(residents=12, districts=1, prefectures=1, registered_share=0.1)
    with pytest.raises(UsageError, match=r"scenario: weeks is 0"):
        Scenario(name="x", world=base.world, start=base.start, weeks=0)
    with pytest.raises(UsageError, match=r"scenario: wekes is an unknown key"):
        Scenario(name="x", world=base.world, start=base.start, weeks=3, wekes=4)  # type: ignore[call-arg]


@pytest.mark.slow
def test_reading_a_hostile_file_takes_no_time_and_no_memory(tmp_path: Path) -> None:
    """The bombs together, in a process that may use little: it must end at once."""
    for case in ("alias bomb", "deep", "too large", "endless policies", "beyond any number"):
        text = HOSTILE[case][0]
        path = tmp_path / f"{case.replace(' ', '-')}.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    code = (
        "import sys\nfrom pathlib import Path\nfrom vsim.errors import UsageError\n"
        "from vsim.spec.scenario import load_scenario\n"
        "for path in sorted(Path(sys.argv[1]).glob('*.yaml')):\n"
        "    try:\n        load_scenario(path)\n    except UsageError:\n        print('refused')\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, timeout=60,
                          check=True, cwd=Path(__file__).resolve().parents[2])
    assert done.stdout.split() == ["refused"] * 5
    assert done.stderr == ""
