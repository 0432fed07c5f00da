"""Editions: the English and the Chinese notebook of one source, equal but for their prose.

Ids, metadata and code cells are the same in both, and two builds give the same bytes. What the Chinese catalogue
does not say (or says no longer: fuzzy) stands in English, and is reported. Beside a lesson's notebook lie its
sidecar, a JSON file with the title and the words of its code, and a copy of its checks.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vsim.course.blocks import join, split
from vsim.course.catalogues import Fault, Translations
from vsim.course.source import CLAIM, Source
from vsim.course.writing import write_built
from vsim.i18n import LANGUAGES, known_language

if TYPE_CHECKING:
    from nbformat import NotebookNode

FORMAT = 1
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
LANGUAGE = {"codemirror_mode": {"name": "ipython", "version": 3}, "file_extension": ".py", "mimetype": "text/x-python",
            "name": "python", "nbconvert_exporter": "python", "pygments_lexer": "ipython3"}


@dataclass(frozen=True, slots=True)
class Built:
    """An edition on disk.

    Attributes
    ----------
    notebook : Path
        The .ipynb file; the sidecar and the checks lie beside it.
    faults : tuple of Fault
        What stands in English in a Chinese edition, and entries that have no place in the source.
    kept : tuple of Path
        Copies of files that somebody had worked in, put aside before writing.
    """

    notebook: Path
    faults: tuple[Fault, ...] = ()
    kept: tuple[Path, ...] = ()


def translations_of(source: Source, lang: str) -> Translations:
    """Return what an edition can say in its language; nothing is needed for English."""
    if lang == "en":
        return Translations()
    from vsim.course.catalogues import translations

    return translations(source)


def generate_notebook(
    source: Source, lang: str = "en", said: Translations | None = None, claims: bool = False
) -> NotebookNode:
    """Return the notebook of a lesson or unit in one language.

    Parameters
    ----------
    source : Source
        What `read_source` returned.
    lang : str
        "en" or "zh_CN".
    said : Translations, optional
        What is known in the language; without it the catalogue beside the source is read.
    claims : bool
        Whether to keep the cells tagged `claim`, which assert sentences of the prose and are for tests only.
    """
    from nbformat import validate
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

    lang = known_language(lang)
    known = (translations_of(source, lang) if said is None else said).known
    cells = []
    for cell in source.cells:
        if CLAIM in cell.tags and not claims:
            continue
        metadata = json.loads(json.dumps(dict(cell.metadata)))
        if cell.kind == "code":
            cells.append(new_code_cell(cell.source, metadata=metadata, id=cell.id))
        else:
            text = join(split(cell.source), known) if known else cell.source
            cells.append(new_markdown_cell(text, metadata=metadata, id=cell.id))
    notebook: NotebookNode = new_notebook(cells=cells, metadata={
        "kernelspec": dict(KERNEL), "language_info": json.loads(json.dumps(LANGUAGE)),
        "vsim": {"format": FORMAT, "id": source.syllabus.id, "lang": lang},
    })
    notebook.nbformat_minor = 5
    validate(notebook)
    return notebook


def sidecar(source: Source, lang: str = "en", said: Translations | None = None) -> dict[str, Any]:
    """Return what the kernel needs to know of an edition: what it is, and the words of its code."""
    lang = known_language(lang)
    known = translations_of(source, lang) if said is None else said
    row = source.syllabus
    return {
        "format": FORMAT, "kind": source.kind, "id": row.id, "lang": lang,
        "title": known.known.get(row.title, row.title), "minutes": row.minutes, "words": dict(known.words),
    }


def notebook_bytes(notebook: NotebookNode) -> bytes:
    """Return a notebook as the bytes of its file, always the same for the same notebook."""
    from nbformat import writes

    return f"{writes(notebook, version=4).rstrip()}\n".encode()


def json_bytes(value: Any) -> bytes:
    """Return JSON as the bytes of its file."""
    return f"{json.dumps(value, ensure_ascii=False, indent=1)}\n".encode()


def edition_files(
    source: Source, lang: str = "en", said: Translations | None = None, claims: bool = False
) -> dict[str, bytes]:
    """Return the files of an edition of a lesson by name: notebook, sidecar, and checks when there are some."""
    said = translations_of(source, known_language(lang)) if said is None else said
    files = {
        f"{source.stem}.ipynb": notebook_bytes(generate_notebook(source, lang, said, claims)),
        f"{source.stem}.json": json_bytes(sidecar(source, lang, said)),
    }
    if source.checks.is_file():
        files[f"{source.stem}.py"] = source.checks.read_bytes().replace(b"\r\n", b"\n")
    return files


def build(source: Source, lang: str, out: Path, claims: bool = False) -> Built:
    """Write an edition of a lesson to `out`/<lang>/<track>/ and return where it is and what it lacks.

    The files come together or not at all. A notebook there that somebody has worked in is put aside first.
    """
    lang = known_language(lang)
    said = translations_of(source, lang)
    place = f"{lang}/{source.syllabus.track}"
    files = {f"{place}/{name}": content for name, content in edition_files(source, lang, said, claims).items()}
    kept = write_built(out, files)
    return Built(out / place / f"{source.stem}.ipynb", said.faults, kept)


def languages(lang: str | None) -> tuple[str, ...]:
    """Return the languages that "all", a language or nothing (all of them) names."""
    return tuple(LANGUAGES) if lang in (None, "all") else (known_language(str(lang)),)
