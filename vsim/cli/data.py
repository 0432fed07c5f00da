"""vsim data: build, validate, remake, pack."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vsim.cli.common import Force, Json, Lang, Quiet, Seed, done, print_json, root_folder, say, screen, speak
from vsim.errors import DataError, UsageError, listing
from vsim.i18n import t

data = typer.Typer(no_args_is_help=True)
Named = Annotated[str, typer.Argument(help="Name of a data set in datasets/, or path of a folder.")]


def folder_of(name: str) -> Path:
    """Return the folder of a data set by name or path."""
    path = Path(name)
    if path.is_dir():
        return path
    folder = root_folder() / "datasets"
    if (folder / name).is_dir():
        return folder / name
    known = sorted(p.name for p in folder.iterdir() if p.is_dir()) if folder.is_dir() else []
    raise UsageError(f"data: '{name}' is no data set; allowed {listing(known) or 'a folder'}, or the path of a folder.")


@data.command("build")
def build_command(
    scenario: Annotated[str, typer.Argument(help="Name of a scenario that comes with vsim, or path of a YAML file.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder to write the data set to.")],
    seed: Seed = 1,
    pilot: Annotated[
        str | None, typer.Option("--pilot", help="Policy arm whose registers are kept; its twin gives the truth.")
    ] = None,
    replicates: Annotated[
        int, typer.Option("--replicates", "-r", min=2, help="Pairs of worlds behind the true effects.")
    ] = 20,
    force: Force = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Write a data set from a scenario: registers as an agency sees them, the truth apart."""
    speak(lang)
    from vsim.report.build import Recipe, build_dataset

    recipe = Recipe(name=out.resolve().name, scenario=scenario, pilot=pilot, seed=seed, replicates=replicates)
    build_dataset(recipe, out, force=force)
    done(out, quiet)


@data.command("validate")
def validate_command(name: Named, as_json: Json = False, quiet: Quiet = False, lang: Lang = None) -> None:
    """Check a data set against its dictionaries and checksums; exit 1 when a fault is found."""
    speak(lang)
    from vsim.report.check import check_package

    folder = folder_of(name)
    faults = check_package(folder)
    if as_json:
        print_json([str(fault) for fault in faults])
    else:
        for fault in faults:
            screen().print(str(fault), markup=False, highlight=False)
        say(t("{name}: {n} faults.").format(name=name, n=len(faults)), quiet)
    if faults:
        raise typer.Exit(1)


@data.command("remake")
def remake_command(
    name: Named,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 when a byte would differ.")] = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Make a data set again from its recipe; the bytes are the same."""
    speak(lang)
    from vsim.report.build import check_outside, read_recipe, remake

    folder = folder_of(name)
    if not check:
        check_outside(folder)
    differing = remake(read_recipe(folder), folder, write=not check)
    if differing:
        shown = listing(differing)
        if check:
            raise DataError(f"{folder}: {len(differing)} files differ from their recipe: {shown}. "
                            "Run `vsim data remake` to write them.")
        say(t("Changed: {files}").format(files=shown), quiet)
    else:
        say(t("{name}: the same bytes.").format(name=name), quiet)


@data.command("pack")
def pack_command(
    name: Named,
    out: Annotated[Path, typer.Option("--out", "-o", help="Zip file to write.")],
    with_truth: Annotated[bool, typer.Option("--with-truth", help="Pack the truth too; never for learners.")] = False,
    force: Force = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Pack a data set as a zip file, without its truth unless asked for."""
    speak(lang)
    from vsim.report.build import pack

    done(pack(folder_of(name), out, with_truth=with_truth, force=force), quiet)
