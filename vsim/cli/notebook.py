"""vsim notebook: new, build, run, export, update."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vsim.cli.common import Force, Lang, Quiet, done, progress_bar, say, screen, speak
from vsim.errors import UsageError, VsimError
from vsim.i18n import language, t

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from vsim.course.source import Source

notebook = typer.Typer(no_args_is_help=True)
Names = Annotated[
    list[str] | None, typer.Argument(help="Lessons, such as management/01-registers-and-rates, or paths. [all]"),
]
Name = Annotated[str, typer.Argument(help="A lesson, such as management/01-registers-and-rates, or a path.")]
NEEDED = ("babel", "jupytext", "nbconvert", "nbformat", "papermill")


def _ready() -> None:
    """Say what to install where Jupyter's packages are missing."""
    from importlib.util import find_spec

    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise UsageError(f"notebook: {', '.join(missing)} not installed. Install the course extra: "
                         "pip install 'vsim[course]'.")


def _folder() -> Path:
    """Return the folder of the lessons."""
    from vsim.course.lessons import notebooks_folder

    return notebooks_folder()


def _built() -> Path:
    return _folder().parent / "build" / "notebooks"


@notebook.command("new")
def new_command(
    name: Annotated[str, typer.Argument(help="Track and name, such as management/02-stations-and-demand.")],
    tier: Annotated[str, typer.Option("--tier", help="foundation, practitioner or leader.")],
    title: Annotated[str | None, typer.Option("--title", help="Title in English. [made from the name]")] = None,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Begin a lesson that runs at once: decision, example, exercise, truth, with checks and Chinese catalogue."""
    speak(lang)
    _ready()
    from vsim.course.workshop import new_lesson_files

    for path in new_lesson_files(_folder(), name, tier, title):
        done(path, quiet)
    say(t("See that it works: vsim notebook run {name} -o lesson.html").format(name=name), quiet)


@notebook.command("build")
def build_command(
    names: Names = None,
    lang: Annotated[str, typer.Option("--lang", help="Edition: en, zh_CN or all.")] = "all",
    out: Annotated[Path | None, typer.Option("--out", help="Folder to build in. [build/notebooks]")] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit 1 when a Chinese edition falls back to English.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Build notebooks from their sources, in English and Chinese; what lacks a translation is listed."""
    _ready()
    from vsim.course.editions import build, languages
    from vsim.course.lessons import all_names, open_lesson_source

    speak(None if lang == "all" else lang)
    target = out or _built()
    lacking = 0
    for name in all_names(list(names or ()), _folder()):
        source = open_lesson_source(name, _folder())
        for edition in languages(lang):
            built = build(source, edition, target)
            for path in built.kept:
                say(t("Your changed file was kept: {path}").format(path=path), quiet)
            done(built.notebook, quiet)
            for fault in built.faults:
                screen().print(str(fault), markup=False, highlight=False, soft_wrap=True)
            lacking += len(built.faults)
    if lacking:
        text = t("{n} entries of the Chinese catalogues need work; those blocks stand in English.")
        say(text.format(n=lacking), quiet)
    if lacking and strict:
        raise typer.Exit(1)


@notebook.command("run")
def run_command(
    name: Name,
    parameter: Annotated[
        list[str] | None,
        typer.Option("--parameter", "-p", help="A parameter of the lesson, as name=value; repeatable."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="File to write: .ipynb or .html. [build/notebooks/runs]")
    ] = None,
    force: Force = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Run a lesson with parameters of your own and write it as a notebook or as a page."""
    _ready()
    speak(lang)
    from vsim.course.lessons import open_lesson_source
    from vsim.course.running import run

    folder = _folder()
    source = open_lesson_source(name, folder)
    place = f"runs/{language()}/{source.syllabus.track}/{source.stem}.ipynb"
    path = _target(out, force) if out is not None else _built() / place
    with ExitStack() as open_bars:
        outcome = run(source, parameter or (), language(), scratch=folder.parent / "build",
                      progress=_late_bar(open_bars, quiet))
    _write(outcome.notebook, path, source)
    if outcome.failure is not None:
        raise VsimError(f"{name}: stopped in {outcome.failure}. What ran until then is in {path}.")
    done(path, quiet)


@notebook.command("export")
def export_command(
    name: Annotated[str, typer.Argument(help="A lesson by name, or the path of an .ipynb file, run or not.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="HTML file to write.")],
    force: Force = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Write a notebook as one HTML page that asks for nothing from outside."""
    _ready()
    speak(lang)
    path = _target(out, force)
    if path.suffix.lower() not in (".html", ".htm"):
        raise UsageError(f"{path}: is no page; allowed a name that ends in .html.")
    if name.endswith(".ipynb"):
        from vsim.course.html import read_notebook

        _write(read_notebook(Path(name)), path, None, Path(name).parent)
    else:
        from vsim.course.editions import generate_notebook
        from vsim.course.lessons import open_source

        source = open_source(name, _folder())
        _write(generate_notebook(source, language()), path, source)
    done(path, quiet)


@notebook.command("update")
def update_command(
    names: Names = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 when a catalogue needs work.")] = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Bring the Chinese catalogues of lessons up to date and list what is left to translate."""
    _ready()
    speak(lang)
    from vsim.course.catalogues import translations, update
    from vsim.course.lessons import all_names, open_source

    left = 0
    for name in all_names(list(names or ()), _folder()):
        source = open_source(name, _folder())
        if not check and update(source):
            done(source.catalogue, quiet)
        for fault in translations(source).faults:
            screen().print(str(fault), markup=False, highlight=False, soft_wrap=True)
            left += 1
    say(t("{n} entries to translate or to check.").format(n=left), quiet)
    if left and check:
        raise typer.Exit(1)


def _late_bar(open_bars: ExitStack, quiet: bool) -> Callable[[int, int], None]:
    """Return a progress that shows its bar on the first move, not before a wrong parameter is refused."""
    bars: list[Callable[[int, int], None]] = []

    def move(done_cells: int, total: int) -> None:
        if not bars:
            bars.append(open_bars.enter_context(progress_bar(t("Cells"), quiet)))
        bars[0](done_cells, total)

    return move


def _target(path: Path, force: bool) -> Path:
    """Return a path that may be written to, before any work is done for it."""
    if path.suffix.lower() not in (".ipynb", ".html", ".htm"):
        raise UsageError(f"{path}: is neither a notebook nor a page; allowed a name that ends in .ipynb or .html.")
    if path.is_dir():
        raise UsageError(f"{path}: is a folder; allowed a file. Add a name that ends in .ipynb or .html.")
    if path.exists() and not force:
        raise UsageError(f"{path}: exists already; allowed a new file. Choose another name, or write over it "
                         "with --force.")
    return path


def _write(made: NotebookNode, path: Path, source: Source | None, beside: Path | None = None) -> None:
    """Write a notebook as the kind of file that the path names, whole or not at all."""
    from vsim.course.writing import write_whole

    if path.suffix.lower() == ".ipynb":
        from vsim.course.editions import notebook_bytes

        write_whole({path: notebook_bytes(made)})
        return
    from vsim.course.html import page
    from vsim.report.fonts import font_face

    folder = source.path.parent if source is not None else beside
    write_whole({path: page(made, font_face, folder).encode()})
