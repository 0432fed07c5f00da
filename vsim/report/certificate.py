"""The page of a certificate: who, what, when, on what marks, and how it is verified. A4, in the course's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from string import printable
from typing import Any

from vsim.course.words import Said, Words, t
from vsim.report.certificate_letters import outlines_for
from vsim.report.certificate_pdf import WIDTH, Face, Sheet, pdf_bytes
from vsim.report.style import BLUE, GREY, INK, PALE

EDGE = 62.0                  # margin
RIGHT = WIDTH - EDGE
ROOM = 224.0                 # height for the rows of units
ROW = 22.0                   # height of a row where there is room
CODES = {"en": "en", "zh_CN": "zh-CN"}
OTHER = {"en": "zh_CN", "zh_CN": "en"}
SHIFT = 0.34                 # of the size of letters, from the middle of a line to its base
Facts = Mapping[str, Any]


def certificate_page(facts: Facts, fingerprint: str, font: Path | None = None) -> bytes:
    """Return the page of a certificate as a PDF, the same bytes for the same facts.

    Parameters
    ----------
    facts : mapping
        As `vsim.course.certify_facts.facts_of` returns them, or the line of the ledger.
    fingerprint : str
        Of the issuer's key.
    font : Path, optional
        Has the letters that vsim's own font lacks; by default one of the machine is looked for.

    Raises
    ------
    UsageError
        When no font has a letter of a name.
    """
    texts = {key: _visible(text) for key, text in _texts(facts, fingerprint).items()}
    facts = {**facts, "units": [{**unit, "title": _visible(unit["title"])} for unit in facts["units"]]}
    shown = _visible("".join([*texts.values(), *(unit["title"] for unit in facts["units"]), printable]))
    sheet = Sheet(Face(shown, outlines_for(shown, font)))
    _head(sheet, facts, texts)
    _figures(sheet, texts)
    _units(sheet, facts, texts)
    _foot(sheet, texts)
    about = {"Title": f"{texts['title']} · {texts['name']}", "Author": texts["issuer"], "Subject": texts["number"]}
    return pdf_bytes(sheet, about, CODES[facts["lang"]], datetime.fromisoformat(facts["issued"]))


def _visible(text: str) -> str:
    """Return a text without signs that are not seen, such as those that turn the direction of writing."""
    return "".join(letter for letter in text if letter.isprintable())


def _texts(facts: Facts, fingerprint: str) -> dict[str, str]:
    """Return every text of the page but the units' titles, in the language of the certificate."""
    words = Words(facts["lang"])
    passed = sum(not unit["waived"] for unit in facts["units"])
    values = {"tier": facts["tier_title"], "course": facts["course"], "cohort": facts["cohort"]}
    text = (t("has passed the tier {tier} of the course {course}, cohort {cohort}.") if facts["cohort"]
            else t("has passed the tier {tier} of the course {course}."))
    return {
        "title": words(t("Certificate of training")),
        "other": Words(OTHER[facts["lang"]])(t("Certificate of training")),
        "issuer": str(facts["issuer"]), "that": words(t("This certifies that")), "name": str(facts["name"]),
        "statement": words(Said(text, values)), "criteria": str(facts["criteria"]),
        "hours": f"{facts['hours']:g}", "hours-label": words(t("hours, by the syllabus")),
        "passed": f"{passed}", "passed-label": words(t("graded units")),
        "mean": "" if facts["mean"] is None else f"{100 * facts['mean']:.0f} %",
        "mean-label": words(t("of the points")),
        "band": facts["band"] or "", "band-label": words(t("result")),
        "unit": words(t("Graded unit")), "of-hours": words(t("Course hours")), "marked": words(t("Marked")),
        "points": words(t("Points earned")), "waived": words(t("waived")),
        "able": words(Said(t("Competencies: {names}"), {"names": words(t(", ")).join(facts["competencies"].values())})),
        "number": words(Said(t("No. {id}"), {"id": facts["id"]})),
        "issued": words(Said(t("Issued on {day}"), {"day": day_text(facts["day"], words)})),
        "key": words(Said(t("Key of the issuer: {key}"), {"key": fingerprint})),
        "verify": words(t("This file carries a signed badge that vouches for each byte of the page. Check it without "
                          "any network: vsim course verify certificate.pdf --key issuer.json. A printed sheet proves "
                          "nothing by itself: ask for the file.")),
        "note": words(t("Earned on tasks with synthetic data. It is no record of hours of service and no licence.")),
    }


def day_text(day: str, words: Words) -> str:
    """Return a day as people write it in the language."""
    when = date.fromisoformat(day)
    if words.lang == "zh_CN":
        return f"{when.year}年{when.month}月{when.day}日"
    return f"{when.day} {when:%B} {when.year}"


def _fitting(sheet: Sheet, text: str, size: float, width: float) -> float:
    """Return the size at which a text is no wider than it may be."""
    return min(size, size * width / max(sheet.face.width(text, size), 1.0))


def _head(sheet: Sheet, facts: Facts, texts: Mapping[str, str]) -> None:
    """Put the title, the name and what is certified."""
    sheet.box(0, 0, 10, 842, BLUE)
    sheet.text(EDGE, 776, texts["issuer"], _fitting(sheet, texts["issuer"], 12, RIGHT - EDGE), BLUE, spread=0.2)
    sheet.text(EDGE, 716, texts["title"], _fitting(sheet, texts["title"], 36, RIGHT - EDGE), INK)
    sheet.text(EDGE, 694, texts["other"], 12, GREY)
    sheet.line(EDGE, 676, EDGE + 64, 676, BLUE, 2.0)
    sheet.text(EDGE, 644, texts["that"], 12, GREY)
    sheet.text(EDGE, 604, texts["name"], _fitting(sheet, texts["name"], 30, RIGHT - EDGE), INK)
    for place, line in enumerate(sheet.wrapped(texts["statement"], 13, RIGHT - EDGE)[:3]):
        sheet.text(EDGE, 576 - 19 * place, line, 13, INK)


def _figures(sheet: Sheet, texts: Mapping[str, str]) -> None:
    """Put the hours, the units, the mean and the result side by side."""
    shown = [name for name in ("band", "mean", "passed", "hours") if texts[name]]
    step = (RIGHT - EDGE) / len(shown)
    sheet.line(EDGE, 524, RIGHT, 524, PALE)
    sheet.line(EDGE, 464, RIGHT, 464, PALE)
    for place, name in enumerate(shown):
        x = EDGE + step * place
        sheet.text(x, 494, texts[name], _fitting(sheet, texts[name], 21, step - 8), BLUE)
        label = texts[f"{name}-label"]
        sheet.text(x, 476, label, _fitting(sheet, label, 9.5, step - 8), GREY)


def _units(sheet: Sheet, facts: Facts, texts: Mapping[str, str]) -> None:
    """Put one row for each unit, with a bar of its share, then what was asked and the competencies."""
    height = min(ROW, ROOM / (len(facts["units"]) + 1))
    size = min(10.5, height * 0.62)
    columns = {"of-hours": RIGHT - 218, "marked": RIGHT - 140, "points": RIGHT - 62}
    y = 440.0
    sheet.text(EDGE, y, texts["unit"], size - 1, GREY)
    for name, x in columns.items():
        sheet.text(x, y, texts[name], size - 1, GREY, align="right")
    for unit in facts["units"]:
        sheet.line(EDGE, y - height * 0.3, RIGHT, y - height * 0.3, PALE, 0.5)
        y -= height
        sheet.text(EDGE, y, unit["title"], _fitting(sheet, unit["title"], size, columns["of-hours"] - EDGE - 34), INK)
        if unit["waived"]:
            sheet.text(RIGHT, y, texts["waived"], size, GREY, align="right")
            continue
        sheet.text(columns["of-hours"], y, f"{unit['minutes'] / 60:.3g}", size, INK, align="right")
        sheet.text(columns["marked"], y, unit["marked"], size, INK, align="right")
        sheet.text(columns["points"], y, f"{unit['earned']:g} / {unit['points']:g}", size, INK, align="right")
        thick = min(5.0, size * 0.45)
        bar = y + size * SHIFT - thick / 2
        sheet.box(RIGHT - 52, bar, 52, thick, PALE)
        sheet.box(RIGHT - 52, bar, 52 * min(unit["share"], 1.0), thick, BLUE)
    y -= max(height, 16) + 8
    for text in (texts["criteria"], texts["able"]):
        for line in sheet.wrapped(text, 9.5, RIGHT - EDGE)[:3]:
            sheet.text(EDGE, y, line, 9.5, GREY)
            y -= 14
        y -= 4


def _foot(sheet: Sheet, texts: Mapping[str, str]) -> None:
    """Put the number, the day, the key, and how the file is checked."""
    sheet.line(EDGE, 134, RIGHT, 134, INK, 0.8)
    sheet.text(EDGE, 116, texts["issued"], 10.5, INK)
    sheet.text(RIGHT, 116, texts["number"], 9, INK, align="right")
    sheet.text(EDGE, 100, texts["key"], 9, INK)
    y = 82.0
    for text in (texts["verify"], texts["note"]):
        for line in sheet.wrapped(text, 8.5, RIGHT - EDGE):
            sheet.text(EDGE, y, line, 8.5, GREY)
            y -= 12.5
