"""Cleans what a learner wrote or printed before a browser shows it, and keeps it to a size that can be shown at all.

nbconvert's SanitizeHTML does the work. It and the converters behind it take quadratic time on texts that are made for
it, in the trainer's own process, so what they get is bounded: each text, all texts of a notebook, and the outputs.
"""

from __future__ import annotations

import json
import re
from typing import Any

from nbconvert.preprocessors.sanitize import SanitizeHTML
from nbformat.v4 import new_output
from traitlets import Bool

from vsim.i18n import t

ACTIVE = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
BLANKS = re.compile(r"[^\S\n]{100,}")
BACKSLASH = re.compile(r"\\|&#0*92;?|&#x0*5c;?|&bsol;", re.IGNORECASE)
ENTITY = re.compile(r"&#?\w{1,12};?")
COMMAND = re.compile(
    r"\\\s*(href|require|style|class|cssId|data|mmlToken|html\w*|unicode|def|let|newcommand)\b", re.IGNORECASE
)
FORMULA = re.compile(r"\$|\\\\[()\[\]]|\\(?:begin|end)\b")
PICTURE = re.compile(r"[A-Za-z0-9+/=\s]*")
LONGEST = 20_000  # characters of one text of Markdown or HTML
ALL_TEXTS = 100_000  # of all of them in a notebook, graded answers apart
LONGEST_LINE = 1_000  # characters of a line of code
LONGEST_PRINTED = 2_000  # characters of a line that was printed
ALL_FORMULAS = 10_000  # characters of text between the first and the last sign of a formula, in all texts together
ALL_CODE = 300_000  # characters of all code in a notebook
MOST_OUTPUTS = 1_000  # of a notebook
ALL_OUTPUTS = 500_000  # characters of them, pictures apart
ALL_PICTURES = 4_000_000
TAGS = [
    "a", "abbr", "b", "blockquote", "br", "caption", "code", "dd", "del", "details", "div", "dl", "dt", "em", "h1",
    "h2", "h3", "h4", "h5", "h6", "hr", "i", "kbd", "li", "ol", "p", "pre", "s", "span", "strong", "sub", "summary",
    "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
]
ATTRIBUTES = {
    "a": ["href", "title"],
    "td": ["colspan", "rowspan"],
    "th": ["colspan", "rowspan"],
    "table": ["border", "class"],
}


def marked_by_us(cell: Any) -> bool:
    """Return whether a cell's text or outputs are vsim's own: a locked text, or a locked cell that is graded."""
    marks = cell.metadata.get("nbgrader", {})
    return bool(marks.get("locked") and (cell.cell_type == "markdown" or marks.get("grade")))


def lightened(nb: Any) -> bool:
    """Leave out what a notebook's cells printed beyond what can be shown; return whether anything was.

    Outputs of check cells stay: answers are among them, and they are looked at one by one.
    """
    count, cut = 0, False
    left = {True: ALL_PICTURES, False: ALL_OUTPUTS}
    for cell in nb.cells:
        if cell.cell_type != "code" or marked_by_us(cell):
            continue
        kept = []
        for output in cell.outputs:
            length = len(json.dumps(output, ensure_ascii=False))
            picture = any(kind.startswith("image/p") for kind in output.get("data", {}))
            if count < MOST_OUTPUTS and length <= left[picture]:
                kept.append(output)
                count, left[picture] = count + 1, left[picture] - length
        if len(kept) < len(cell.outputs):
            cell.outputs, cut = [*kept, new_output("stream", name="stderr", text=_note() + "\n")], True
    return cut


def _note() -> str:
    return t("[Too much to be shown here: the rest is left out.]")


class CleanNotebook(SanitizeHTML):
    """Takes scripts, styles and pictures from elsewhere out of what a learner wrote or printed.

    Without it a learner's HTML would run in the trainer's browser, with the trainer's rights in formgrader. Cells that
    are locked, and the outputs that vsim wrote, are ours and stay as they are.
    """

    enabled = Bool(True).tag(config=True)
    _left = ALL_TEXTS
    _code = ALL_CODE
    _formulas = ALL_FORMULAS

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Clean a notebook."""
        self._left, self._code, self._formulas = ALL_TEXTS, ALL_CODE, ALL_FORMULAS
        self.safe_output_keys = {"text/plain", "image/png", "image/jpeg"}
        cleaned: tuple[Any, Any] = super().preprocess(nb, resources)  # type: ignore[no-untyped-call]
        return cleaned

    def preprocess_cell(self, cell: Any, resources: Any, cell_index: int) -> tuple[Any, Any]:
        """Clean one cell's text and outputs."""
        if marked_by_us(cell):
            return cell, resources
        graded = cell.metadata.get("nbgrader", {}).get("grade")
        if cell.cell_type != "code":
            most = LONGEST if graded else min(LONGEST, self._left)
            text = self._unformed(BLANKS.sub(" " * 100, str(cell.source)))
            cell.source = text if len(text) <= most else f"{text[:most]}\n\n{_note()}"
            self._left -= 0 if graded else min(most, len(text))
        else:
            self._shorter(cell)
            for output in cell.outputs:
                self._smaller(output)
        super().preprocess_cell(cell, resources, cell_index)  # type: ignore[no-untyped-call]
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if output.get("data", True)]
        return cell, resources

    def _shorter(self, cell: Any) -> None:
        """Cut lines of code that nobody reads and that take colouring for ever; the submission keeps them."""
        lines = str(cell.source).split("\n")
        if any(len(line) > LONGEST_LINE for line in lines):
            cell.source = "\n".join(
                line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}  # {_note()}" for line in lines)
        if len(cell.source) > self._code:
            cell.source = f"{cell.source[:self._code]}\n# {_note()}"
        self._code -= min(self._code, len(cell.source))

    def _smaller(self, output: Any) -> None:
        """Take from an output its metadata, pictures that are none, and texts for which there is no room."""
        if "text" in output:
            output.text = _narrow(output.text)
        if "traceback" in output:
            output.traceback = [_narrow(line) for line in output.traceback]
        if "data" not in output:
            return
        output.metadata = {}
        for kind, value in list(output.data.items()):
            text = "".join(value) if isinstance(value, list) else str(value)
            if kind in self.sanitized_output_types:
                if len(text) > min(LONGEST, self._left):
                    del output.data[kind]
                    output.data.setdefault("text/plain", _note())
                else:
                    self._left -= len(text)
                    output.data[kind] = self._unformed(BLANKS.sub(" " * 100, text))
            elif kind == "text/plain":
                output.data[kind] = _narrow(text)
            elif kind.startswith("image/") and not PICTURE.fullmatch(text):
                del output.data[kind]

    def _unformed(self, text: str) -> str:
        """Return a text whose formulas stay as they were written when there is too much of them to be drawn."""
        places = [match.start() for match in FORMULA.finditer(text)]
        if not places or places[-1] - places[0] <= self._formulas:
            self._formulas -= places[-1] - places[0] if places else 0
            return text
        return FORMULA.sub(lambda found: found[0].replace("\\", "") if "$" not in found[0] else "\\$", text)

    def sanitize_html_tags(self, html_str: Any) -> str:
        """Return HTML with harmless tags only; what stands inside scripts and styles goes with them.

        Commands of formulas that make links or run something lose their backslash: formgrader draws formulas.
        """
        text = "".join(html_str) if isinstance(html_str, list) else str(html_str)
        clean = str(super().sanitize_html_tags(ACTIVE.sub("", text)))  # type: ignore[no-untyped-call]
        return BACKSLASH.sub("", clean) if COMMAND.search(_plain(clean)) else clean


def _narrow(text: Any) -> str:
    """Return a printed text without the ends of endless lines."""
    lines = ("".join(text) if isinstance(text, list) else str(text)).split("\n")
    return "\n".join(line if len(line) <= LONGEST_PRINTED else f"{line[:LONGEST_PRINTED]} {_note()}" for line in lines)


def _plain(text: str) -> str:
    """Return a text with its entities read, so that nothing hides behind them."""
    from html import unescape

    return ENTITY.sub(lambda found: unescape(found[0]), text)
