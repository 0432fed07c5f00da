"""vsim demo: one city, a policy, its twin world; the table, the charts, the data package and the page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vsim.cli.common import Force, Lang, Quiet, Seed, done, progress_bar, say, screen, speak
from vsim.i18n import t

if TYPE_CHECKING:
    from vsim.cli.demo_course import Taught

DATA = "data"
OWN = Path("build/demo")      # the demonstration's own folder: what an earlier one wrote there is written over


def demo(
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder of the results.")] = OWN,
    replicates: Annotated[int, typer.Option("--replicates", "-r", help="Pairs of worlds.", min=2)] = 20,
    seed: Seed = 1,
    course: Annotated[
        bool, typer.Option(help="Also run the first lesson, and release, grade and feed back the first unit.")
    ] = True,
    force: Force = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Show what truly changed under a policy in Riverside, then a lesson that was run and a class that was graded."""
    speak(lang)
    from vsim.cli.course import class_table, missing_packages
    from vsim.report import page
    from vsim.report.build import check_outside, write_run
    from vsim.report.package_folder import check_target, whole_folder
    from vsim.report.package_layout import DESCRIPTOR
    from vsim.report.policy_table import rich_table
    from vsim.report.study import page_of, save_charts, tell
    from vsim.report.words import both
    from vsim.run.compare import compare
    from vsim.run.record import registers
    from vsim.run.run import simulate
    from vsim.spec.scenario import load_scenario

    if course and missing_packages():
        say(t("The lesson and the class are left out: the course extra is not installed."), quiet)
        course = False
    check_outside(out)
    check_target(out, force or out == OWN, f"{DATA}/{DESCRIPTOR}")
    base, pilot = load_scenario("riverside"), load_scenario("riverside_pilot")
    say(t("Compiling the kernels if they are not in the cache (some 20 to 40 seconds the first time)."), quiet)
    with progress_bar(t("Twin worlds"), quiet) as move:
        study = compare(base, pilot, replicates=replicates, seed=seed, progress=move)
    with progress_bar(t("One register"), quiet) as move:
        run = simulate(pilot, seed, progress=move)
    seen = registers(run)
    say(t("Drawing the charts."), quiet)
    told = tell(study, run, seen)
    with whole_folder(out) as partial:
        save_charts(told, partial / "charts")
        write_run(run, partial / DATA)
        taught = _teach(partial, quiet) if course else None
        page.write(page_of(
            study, told,
            question=both("What would a local star ladder of 10 to 50 hours, with training before duty, change in the "
                          "districts that adopt it, and for whom?"),
            title=both("A star ladder that people can reach (synthetic data)"),
            lead=both("A policy in twelve districts of Riverside, a synthetic city, measured against the same city "
                      "without it."),
            commands=("vsim demo",
                      f"vsim run compare riverside riverside_pilot --replicates {replicates} --seed {seed}"),
            course=taught.sections if taught is not None else (),
        ), partial / "index.html")
    screen().print(rich_table(told.effects, estimand="att"))
    if taught is not None:
        screen().print(class_table(taught.rows))
    done(out / "index.html", quiet)


def _teach(out: Path, quiet: bool) -> Taught:
    """Run the lesson and grade the class of five, and show how far it is."""
    from vsim.cli.demo_course import Taught, run_class, run_lesson

    with progress_bar(t("The lesson in both languages"), quiet) as move:
        lesson = run_lesson(out, move)
    with progress_bar(t("Five submissions in both languages"), quiet) as move:
        taught = run_class(out, move)
    return Taught((lesson, *taught.sections), taught.rows)
