"""One list of dependencies, one version, three licences; every door installs the same."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.house.repo import PACKAGE, ROOT, files, pyproject

NAMED = {"jupyterlab", "pandas", "matplotlib", "nbgrader", "faker", "papermill", "pytest"}
SYSTEMS = {"linux": "posix", "darwin": "posix", "win32": "nt"}
PYTHONS = ("3.11", "3.12", "3.13")


@cache
def requirements() -> dict[str, Requirement]:
    """Return every requirement of pyproject.toml, core and extras, by normalised name."""
    project = pyproject()["project"]
    lines = list(project["dependencies"])
    for extra in project["optional-dependencies"].values():
        lines += extra
    found = [Requirement(line) for line in lines]
    names = [canonicalize_name(item.name) for item in found]
    assert len(names) == len(set(names)), "a package is listed twice"
    return dict(zip(names, found, strict=True))


@cache
def locked() -> list[tuple[Requirement, int]]:
    """Return the entries of requirements.lock, each with its number of hashes."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(Requirement(line.partition(" --hash")[0]), line.count("--hash=sha256:")) for line in lines]


def versions(name: str, python: str, system: str) -> list[Version]:
    """Return the locked versions of a package for a Python and a system."""
    environment = {
        "python_version": python, "python_full_version": f"{python}.9", "sys_platform": system,
        "os_name": SYSTEMS[system], "platform_python_implementation": "CPython", "implementation_name": "cpython",
    }
    return [
        Version(next(iter(entry.specifier)).version)
        for entry, _ in locked()
        if canonicalize_name(entry.name) == name and (entry.marker or Marker("os_name != ''")).evaluate(environment)
    ]


@cache
def environment() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    return loaded


def test_the_lock_pins_every_entry_with_hashes_and_names_no_index() -> None:
    assert len(locked()) > 100
    for entry, hashes in locked():
        assert [spec.operator for spec in entry.specifier] == ["=="], entry.name
        assert hashes >= 1, entry.name
        assert entry.url is None, entry.name
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert re.findall(r"\w+://\S*|--(?:extra-)?index-url|--find-links|--trusted-host|^-\w", text, re.MULTILINE) == []


@pytest.mark.parametrize("system", sorted(SYSTEMS))
@pytest.mark.parametrize("python", PYTHONS)
def test_the_lock_has_one_version_inside_each_range_on_every_python_and_system(python: str, system: str) -> None:
    for name, requirement in requirements().items():
        (version,) = versions(name, python, system)
        assert requirement.specifier.contains(version), f"{name} {version}: run `make lock`"


def test_the_ranges_of_pythons_and_packages_are_stated() -> None:
    wanted = SpecifierSet(pyproject()["project"]["requires-python"])
    assert [python for python in ("3.10", *PYTHONS, "3.14") if python in wanted] == list(PYTHONS)
    assert [name for name, item in requirements().items() if not item.specifier] == []
    assert set(pyproject()["project"]["optional-dependencies"]) >= {"course", "research", "dev"}
    core = {canonicalize_name(Requirement(line).name) for line in pyproject()["project"]["dependencies"]}
    assert core == {
        "numpy", "numba", "pandas", "matplotlib", "pyarrow", "faker", "pydantic", "pyyaml", "typer", "rich",
    }


def test_the_conda_door_says_what_pyproject_says() -> None:
    assert environment()["name"] == "vsim"
    assert environment()["channels"] == ["conda-forge", "nodefaults"]
    *entries, last = environment()["dependencies"]
    assert last == {"pip": ["-e .[course]"]}
    known = requirements()
    seen = set()
    for entry in entries:
        parts = re.fullmatch(r"([a-z0-9-]+)(?: ((?:[<>=!]=?[0-9.]+)(?:,[<>=!]=?[0-9.]+)*))?", entry)
        assert parts, entry
        name, ranges = parts[1], SpecifierSet(parts[2] or "")
        assert name not in seen, entry
        seen.add(name)
        if name == "python":
            assert ranges == SpecifierSet(pyproject()["project"]["requires-python"])
        elif name != "pip":
            assert ranges == known[name].specifier, entry
    assert seen >= NAMED | {"python", "pip"}
    core = {canonicalize_name(Requirement(line).name) for line in pyproject()["project"]["dependencies"]}
    assert core - seen == set(), "packages with compiled parts come from one place"


def test_no_other_file_lists_dependencies() -> None:
    rivals = r"(^|/)(requirements[^/]*\.(txt|in)|setup\.(py|cfg)|Pipfile.*|(poetry|uv)\.lock|environment[-_].*ml)$"
    assert [name for name in files() if re.search(rivals, name)] == []


def test_the_citation_names_title_authors_licences_and_this_version() -> None:
    cff = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert set(cff) >= {"cff-version", "message", "title", "authors", "version", "date-released", "license", "type"}
    assert cff["cff-version"] == "1.2.0"
    assert str(cff["version"]) == pyproject()["project"]["version"]
    assert isinstance(cff["date-released"], date)
    assert all({"name", "family-names"} & set(author) for author in cff["authors"])
    assert cff["license"] == ["Apache-2.0", "CC-BY-4.0"]
    assert "doi" not in cff, "no identifier is given before it has been minted"


def test_the_package_says_its_version() -> None:
    import vsim

    assert vsim.__version__ == pyproject()["project"]["version"]


@pytest.mark.parametrize(("file", "words"), [
    ("LICENSE", ["Apache License", "Version 2.0, January 2004", "END OF TERMS AND CONDITIONS"]),
    ("LICENSE-CONTENT", ["Creative Commons Attribution 4.0 International Public License", "Section 8"]),
    ("vsim/assets/fonts/OFL.txt", ["SIL OPEN FONT LICENSE", "Version 1.1"]),
])
def test_every_licence_is_there_in_full(file: str, words: list[str]) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    assert len(text) > 4000
    for word in words:
        assert word.lower() in text.lower()


@pytest.mark.slow
def test_a_built_package_holds_every_file_that_the_program_reads(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT, check=True, capture_output=True, timeout=300,
    )
    (wheel,) = tmp_path.glob("*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    wanted = {name for name in files() if name.startswith("vsim/")}
    assert {Path(name).suffix for name in wanted} >= {".py", ".yaml", ".csv", ".po", ".mo", ".otf", ".npy"}
    assert wanted - packed == set()
    version = pyproject()["project"]["version"]
    assert {name.partition("/")[0] for name in packed} == {"vsim", f"vsim-{version}.dist-info"}


def test_the_package_is_marked_as_typed() -> None:
    assert (PACKAGE / "py.typed").is_file()
