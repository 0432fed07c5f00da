"""The exporter of feedback pages: nbgrader's own step, with a page in the learner's language and nothing from outside.

nbgrader's `GenerateFeedback` uses it through the course's configuration, and puts the points and comments of the grade
book into the notebook; the template stands in `vsim/assets/notebook/feedback/`. What happened in the run comes from the
ledger. A policy in the head of the page forbids scripts and requests, whatever an answer holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import BytecodeCache, pass_context
from jinja2.bccache import Bucket
from nbconvert.exporters import HTMLExporter
from traitlets import Unicode
from traitlets.config import Config
from traitlets.utils.importstring import import_item

from vsim.course import feedback_words, ledger
from vsim.course.feedback_language import own_language, translate
from vsim.course.feedback_letters import two_cuts
from vsim.course.feedback_rows import hand_scores, heading_above, rows_of, without_places
from vsim.course.feedback_unit import told_of
from vsim.course.folder import Course, open_course
from vsim.course.html import FONTS, PRIORITY, calmed, describe_figures, letters, plain_exporter
from vsim.course.links import without_bait
from vsim.course.words import Words
from vsim.i18n import known_language, language, set_language, t
from vsim.spec.loading import PACKAGE, read_text

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

TEMPLATES = PACKAGE / "assets" / "notebook"
STYLES = ("notebook.css", "feedback/feedback.css")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


class Compiled(BytecodeCache):
    """Compiled templates of this process."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template its code if it is known; jinja compares the checksum of the source."""
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


class FeedbackExporter(HTMLExporter):
    """Writes a learner's marked notebook as one HTML page."""

    root = Unicode("", help="The course folder; without it the page tells nothing of the run.").tag(config=True)
    dress = Unicode(
        "",
        help="Dotted name of a function from a text to a CSS rule with its glyphs; else the reader's fonts serve.",
    ).tag(config=True)

    def __init__(self, config: Config | None = None, **kw: Any) -> None:
        super().__init__(config=config, **kw)  # type: ignore[no-untyped-call]
        self.filters = {}  # formgrader's Markdown knows no formulas
        self.template_paths = [str(TEMPLATES / "feedback")]  # nbgrader's configuration names its own template

    def _create_environment(self) -> Any:
        """Compile the template once in a process: nbgrader makes a new exporter for each notebook."""
        made = super()._create_environment()  # type: ignore[no-untyped-call]
        made.bytecode_cache = COMPILED
        return made

    @property
    def default_config(self) -> Config:
        """What a cell's output is shown as."""
        ours = Config({"NbConvertBase": {"display_data_priority": PRIORITY}})
        ours.merge(super().default_config)
        ours.NbConvertBase.display_data_priority = PRIORITY
        return ours

    @cached_property
    def _plain(self) -> Any:
        return plain_exporter()

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        """Return Markdown as HTML, formulas drawn."""
        return str(self._plain.markdown2html(context, source))

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> Any:
        """Return the page, in the learner's own language or in that of the notebook."""
        where = (resources or {}).get("nbgrader", {})
        lang = self._language(nb, where)
        with _speaking(lang):
            html, resources = super().from_notebook_node(nb, resources, **kw)
            html = calmed(html, None, t("Picture without a description"), _put_in_order)
        cuts = two_cuts(letters(html), self._course(), _whose(nb, where)[0], lang) if self.dress else []
        return html.replace(FONTS, "\n".join(map(import_item(self.dress), cuts)) if cuts else "", 1), resources

    def _preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Let nbgrader add points and comments, then note what the page tells around the cells."""
        nb, resources = super()._preprocess(nb, resources)  # type: ignore[no-untyped-call]
        places = [self.root, str(Path(self.root).resolve()) if self.root else ""]
        for cell in nb.cells:
            cell.outputs = [without_places(output, places) for output in cell.get("outputs", ())]
            if cell.metadata.get("nbgrader", {}).get("grade"):
                for output in cell.outputs:
                    output.get("data", {}).pop("text/plain", None)  # the number that nbgrader reads
        where = resources.get("nbgrader", {})
        unit, learner = _whose(nb, where)
        course = self._course()
        row = self._marked(course, unit, learner, nb)
        if course is not None:
            translate(nb, course, unit, learner, row, language())
        describe_figures(nb, Words(language()))
        resources["page"] = self._page(nb, where, row)
        return nb, resources

    def _page(self, nb: Any, where: dict[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
        """Return what stands around the cells: style sheet, title, facts, points, remarks, and words."""
        noted = nb.metadata.get("vsim", {})
        unit, learner = _whose(nb, where)
        course = self._course()
        given = {**dict.fromkeys(row.get("blank", ()), 0.0), **_named(hand_scores(where))}
        rows = rows_of(nb, given, row.get("blank", ()))
        title = heading_above(nb.cells, len(nb.cells), first=True) or unit
        told = told_of(course, unit, learner, language(), rows, row)
        return {
            "lang": {"zh_CN": "zh-CN"}.get(language(), language()),
            "css": "\n".join([FONTS, *(read_text(TEMPLATES / name) for name in STYLES)]),
            "unit": unit,
            "learner": learner,
            "facts": feedback_words.facts(course.name if course else "", _called(course, learner), noted, row),
            "rows": {row.cell: row for row in rows},
            "sum": feedback_words.total(rows, float(where.get("late_penalty") or 0)),
            "flags": feedback_words.remarks(noted.get("flags", ())),
            "run": feedback_words.run_sentences(row.get("run", {})),
            "words": feedback_words.labels(title),
            "told": told,
            "say": feedback_words,
        }

    def _language(self, nb: Any, where: Mapping[str, Any]) -> str:
        course = self._course()
        told = own_language(course, _whose(nb, where)[1]) or nb.metadata.get("vsim", {}).get("lang")
        return known_language(str(told or (course.settings.language if course else "en")))

    def _course(self) -> Course | None:
        return open_course(Path(self.root)) if self.root else None

    def _marked(self, course: Course | None, unit: str, learner: str, nb: Any) -> dict[str, Any]:
        """Return the ledger's line of the marking that the page is about; empty when there is none."""
        row = ledger.latest(course.root, unit, learner=learner).get(learner) if course else None
        if course is None or row is None or row.get("sha256") != ledger.sha_of(nb):
            return {}
        return row


def _whose(nb: Any, where: Mapping[str, Any]) -> tuple[str, str]:
    """Return the unit and the learner of a marked notebook."""
    noted = nb.metadata.get("vsim", {})
    return str(where.get("assignment") or noted.get("unit", "")), str(where.get("student") or noted.get("learner", ""))


def _named(scores: Mapping[str, float | None]) -> dict[str, float]:
    """Return the scores that somebody gave."""
    return {name: value for name, value in scores.items() if value is not None}


def _called(course: Course | None, learner: str) -> str:
    """Return a learner's name and id."""
    name = course.learners.get(learner, learner) if course else learner
    return name if name == learner else f"{name} ({learner})"


@contextmanager
def _speaking(lang: str) -> Iterator[None]:
    before = language()
    set_language(lang)
    try:
        yield
    finally:
        set_language(before)


def _put_in_order(soup: BeautifulSoup) -> None:
    """Take bait out of the page, put the notebook's headings below those of the page, and leave out no level."""
    for part in soup.select(".notebook"):
        without_bait(part)
    level = 2
    for heading in soup.select(", ".join(f".notebook {name}" for name in HEADINGS)):
        level = min(int(heading.name[1]) + 1, level + 1, 6)
        heading.name = f"h{level}"
