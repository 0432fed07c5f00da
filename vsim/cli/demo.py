"""vsim demo: one city, a policy, its twin world; the table, the charts, the data package and the page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vsim.cli.common import Force, Lang, Quiet, Seed, done, progress_bar, say, screen, speak
from vsim.i18n import t

DATA = "data"
OWN = Path("build/demo")      # the demonstration's own folder: what an earlier one wrote there is written over


def demo(
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder of the results.")] = OWN,
    replicates: Annotated[int, typer.Option("--replicates", "-r", help="Pairs of worlds.", min=2)] = 20,
    seed: Seed = 1,
    force: Force = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Simulate Riverside with and without a local star ladder and a training gate, and show what truly changed."""
    speak(lang)
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
    content = page_of(
        study, told,
        question=both("What would a local star ladder of 10 to 50 hours, with training before duty, change in the "
                      "districts that adopt it, and for whom?"),
        title=both("A star ladder that people can reach (synthetic data)"),
        lead=both("A policy in twelve districts of Riverside, a synthetic city, measured against the same city "
                  "without it."),
        commands=("vsim demo", f"vsim run compare riverside riverside_pilot --replicates {replicates} --seed {seed}"),
    )
    with whole_folder(out) as partial:
        save_charts(told, partial / "charts")
        write_run(run, partial / DATA)
        page.write(content, partial / "index.html")
    screen().print(rich_table(told.effects, estimand="att"))
    done(out / "index.html", quiet)
