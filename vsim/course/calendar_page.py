"""The calendar for the class: `calendar.html`, a page in both languages that asks for nothing from outside, and
`calendar.ics` for the calendars of telephones and mail programs.

Who was given longer stands in neither.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING

from vsim.course.calendar import calendar_of
from vsim.course.calendar_dates import CALENDAR, told
from vsim.course.editions import translations_of
from vsim.course.folder import new_unit
from vsim.course.handout_front import day_of, lateness, points_of
from vsim.course.html import FONTS
from vsim.course.sheet import points_text
from vsim.course.unit import Unit
from vsim.course.words import Said, Words, t
from vsim.course.writing import write_whole
from vsim.errors import VsimError
from vsim.i18n import LANGUAGES
from vsim.spec.loading import PACKAGE, read_text

if TYPE_CHECKING:
    from vsim.course.folder import Course

PAGE, FILE = "calendar.html", "calendar.ics"
STYLE = PACKAGE / "assets" / "notebook" / "notebook.css"
POLICY = "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'"
SPACED = "nav { margin-bottom: 2.5rem; } section + section { margin-top: 4.5rem; }"
TAGS = {"en": "en", "zh_CN": "zh-CN"}
OWN_NAMES = {"en": "English", "zh_CN": "中文"}
OCTETS = 75                         # of a line of a calendar file, RFC 5545 section 3.1
WARNING = "-P1D"                    # a reminder a day before, as RFC 5545 writes it


@dataclass(frozen=True, slots=True)
class Entry:
    """One unit of the calendar.

    Attributes
    ----------
    unit : str
    due : datetime
    titles : mapping of str to str
        By language; the id where the unit is not known.
    minutes, points : float or None
    known : bool
        Whether a unit of this id comes with vsim, lies in a folder of the trainer's, or was released.
    """

    unit: str
    due: datetime
    titles: Mapping[str, str]
    minutes: float | None = None
    points: float | None = None
    known: bool = False


def entries(course: Course) -> list[Entry]:
    """Return the units of a course's calendar, those due first first.

    Raises
    ------
    UsageError
        When a line of the calendar is wrong.
    """
    dues = calendar_of(course).dues
    return [_entry(course, unit, dues[unit]) for unit in sorted(dues, key=lambda unit: (dues[unit], unit))]


def _entry(course: Course, name: str, due: datetime) -> Entry:
    try:
        unit = _unit(course, name)
        title = unit.source.syllabus.title
        titles = {lang: translations_of(unit.source, lang).known.get(title, title) for lang in LANGUAGES}
        points = sum(sum(some.values()) for some in points_of(unit))
        return Entry(name, due, titles, unit.source.syllabus.minutes, points, True)
    except VsimError:
        return Entry(name, due, dict.fromkeys(LANGUAGES, name))


def _unit(course: Course, name: str) -> Unit:
    return course.unit(name) if course.place("units", name).is_dir() else new_unit(course, name)


def write_calendar(course: Course, dress: Callable[[str], str] | None = None) -> list[str]:
    """Write the page and the calendar file into the course folder.

    Parameters
    ----------
    course : Course
    dress : callable, optional
        From a text to a CSS rule with its glyphs; else the reader's fonts serve.

    Raises
    ------
    UsageError
        When a line of the calendar is wrong.

    Returns
    -------
    list of str
        Units of the calendar that nobody knows.
    """
    found = entries(course)
    html = page(course, found)
    html = html.replace(FONTS, dress(html) if dress is not None else "", 1)
    path = course.place(CALENDAR)
    changed = datetime.fromtimestamp(int(path.stat().st_mtime), UTC) if path.is_file() else datetime.now(UTC)
    write_whole({course.place(PAGE): html.encode(), course.place(FILE): calendar_file(course, found, changed)})
    return [entry.unit for entry in found if not entry.known]


def page(course: Course, found: list[Entry]) -> str:
    """Return the page: the language of the course first, the other below it."""
    first = course.settings.language
    order = [first, *(lang for lang in LANGUAGES if lang != first)]
    title = course.settings.cohort or course.name
    links = " · ".join(f'<a href="#{lang}" lang="{TAGS[lang]}">{OWN_NAMES[lang]}</a>' for lang in order)
    body = "\n".join(_section(course, found, Words(lang)) for lang in order)
    return (
        f'<!doctype html>\n<html lang="{TAGS[first]}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(Words(first)(t('Calendar')))}: {escape(title)}</title>\n"
        f"<style>{FONTS}{read_text(STYLE)}{SPACED}</style>\n</head>\n<body>\n<div class=\"page\">\n"
        f'<header><p class="mark">vsim <span>{escape(course.name)}</span></p><nav>{links}</nav></header>\n'
        f"<main>\n{body}\n</main>\n</div>\n</body>\n</html>\n")


def _section(course: Course, found: list[Entry], words: Words) -> str:
    heads = (t("Week"), t("Course unit"), t("Due"), t("Worth"), t("Minutes"))
    head = "".join(f'<th scope="col">{escape(words(one))}</th>' for one in heads)
    title = words(Said(t("Calendar of {course}"), {"course": course.settings.cohort or course.name}))
    notes = [words(lateness(course.settings)),
             words(t("The date in your own notebook counts, where it is a later one."))]
    table = (f'<div class="scroll"><table><thead><tr>{head}</tr></thead>\n<tbody>\n'
             + "\n".join(_rows(found, words)) + "\n</tbody></table></div>")
    if not found:
        table = f"<p>{escape(words(t('No unit has a date yet.')))}</p>"
    return (f'<section lang="{TAGS[words.lang]}" id="{words.lang}"><h1>{escape(title)}</h1>\n{table}\n'
            f"<ul>{''.join(f'<li>{escape(note)}</li>' for note in notes)}</ul></section>")


def _rows(found: list[Entry], words: Words) -> Iterator[str]:
    """Yield a row for each unit; the week is counted from the one before the first date."""
    for entry in found:
        week = (entry.due.date() - found[0].due.date()).days // 7 + 1
        cells = [str(week), entry.titles[words.lang], day_of(entry.due, words),
                 "" if entry.points is None else points_text(entry.points),
                 "" if entry.minutes is None else points_text(entry.minutes)]
        yield "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"


def calendar_file(course: Course, found: list[Entry], changed: datetime) -> bytes:
    """Return the calendar as RFC 5545 has it: an event and a reminder for each unit, in the language of the course.

    Parameters
    ----------
    course : Course
    found : list of Entry
    changed : datetime
        When the calendar was last changed.
    """
    words = Words(course.settings.language)
    stamp, name = _utc(changed), course.settings.cohort or course.name
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//vsim//course//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
             f"X-WR-CALNAME:{_text(name)}"]
    for entry in found:
        title = words(Said(t("Due: {title}"), {"title": entry.titles[words.lang]}))
        lines += [
            "BEGIN:VEVENT", f"UID:{entry.unit}.{course.name}@vsim", f"DTSTAMP:{stamp}",
            f"DTSTART:{_utc(entry.due)}", f"DTEND:{_utc(entry.due)}", f"SUMMARY:{_text(title)}",
            f"DESCRIPTION:{_text(f'{entry.unit}, {told(entry.due)}')}", "TRANSP:TRANSPARENT",
            "BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_text(title)}", f"TRIGGER:{WARNING}", "END:VALARM",
            "END:VEVENT"]
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    r"""Return a text as a calendar file holds it.

    >>> _text("a, b; c")
    'a\\, b\\; c'
    """
    plain = " ".join(value.split())
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> bytes:
    """Return a line cut to the octets that are allowed, never inside a character."""
    pieces: list[str] = []
    piece = ""
    for letter in line:
        if len((piece + letter).encode()) > OCTETS - (1 if pieces else 0):
            pieces.append(piece)
            piece = ""
        piece += letter
    return "\r\n ".join([*pieces, piece]).encode() + b"\r\n"
