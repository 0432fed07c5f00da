"""What every test may rely on: one language, no display, no home folder written to, and no silent skip.

A test is skipped only where `vsim doctor` says that the machine lacks a capability that the test asks for with
`@pytest.mark.needs("chromium")` (the mark `browser` asks for Chromium by itself). With CI=true
nothing is skipped; any other skip is a failure.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

# jsonschema's optional import of it costs nearly two seconds of every start; vsim.course does the same
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

BUILD = Path(__file__).resolve().parent.parent / "build"
BROWSER = ("chromium",)
PROMISED = "the machine lacks: "

# A shell that starts the tests in the background lets all below it ignore Ctrl-C; tests of stopping need it back.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

for variable in ("VSIM_LANG", "LANG_UI", "LANGUAGE", "LC_ALL", "LC_MESSAGES"):
    os.environ.pop(variable, None)
os.environ["LANG"] = "en_GB.UTF-8"
os.environ["MPLBACKEND"] = "Agg"
os.environ.setdefault("VSIM_CACHE", str(BUILD / "cache"))           # compiled kernels: kept between runs
os.environ.setdefault("MPLCONFIGDIR", str(BUILD / "matplotlib"))
BUILD.joinpath("matplotlib").mkdir(parents=True, exist_ok=True)

try:
    from hypothesis import settings
except ModuleNotFoundError:
    pass
else:
    settings.register_profile("house", derandomize=True, deadline=None, database=None)
    settings.load_profile("house")


def lacking(names: tuple[str, ...]) -> list[str]:
    """Return which of the capabilities the machine lacks.

    Raises
    ------
    LookupError
        When `vsim doctor` knows no such capability.
    """
    from vsim.cli.doctor import capabilities

    known = capabilities()
    unknown = [name for name in names if name not in known]
    if unknown:
        raise LookupError(f"`vsim doctor` knows no capability {unknown}; it knows {sorted(known)}")
    return [name for name in names if not known[name]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give every test of a page in the browser the capabilities that it needs."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.needs(*BROWSER))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose machine lacks what it needs; fail instead when CI=true."""
    wanted = tuple(name for mark in item.iter_markers("needs") for name in mark.args)
    missing = lacking(wanted) if wanted else []
    if missing:
        reason = PROMISED + ", ".join(missing)
        if os.environ.get("CI") == "true":
            pytest.fail(f"{reason} (CI=true allows no skip)", pytrace=False)
        pytest.skip(reason)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip for any other reason than a lacking capability into a failure."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and PROMISED not in str(report.longrepr):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, but not for a capability that `vsim doctor` names"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn a module that skips itself into a failure."""
    report = yield
    if report.skipped:
        report.outcome = "failed"
        report.longrepr = f"{collector.nodeid} skips itself; ask for a capability with `needs` instead"
    return report


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Leave the language as it was found: English, whatever a test has chosen."""
    yield
    from vsim.i18n import set_language

    set_language(None)
