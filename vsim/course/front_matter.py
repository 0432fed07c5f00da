"""What the front matter of a lesson or unit promises: objectives that can be seen, lessons and data that are there.

An objective begins with a verb that somebody else can watch (R. F. Mager 1962; L. W. Anderson and D. R. Krathwohl
2001): "count", "choose", "defend"; not "understand" or "know". Prerequisites are lessons that exist and never lead
back; competencies and data sets stand in their lists.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path

from vsim.course.lessons import lessons
from vsim.course.source import Source, read_source
from vsim.errors import did_you_mean

VERBS = frozenset(re.findall(r"\w+", """
    add apply argue ask assess attach build calculate catch change check choose classify clean combine compare compute
    connect correct count decide defend describe design detect distinguish draft draw estimate evaluate explain fill
    find fit follow forecast give grade group handle identify interpret join judge label link list locate look make
    map mark match measure name notice order place plan plot predict present price protect prove put question rank
    read recognise recommend record refuse repair report say score select separate set show simulate sketch sort spot
    state tell test trace translate use value weigh write
"""))
VAGUE = frozenset(re.findall(r"\w+", "understand know learn appreciate be become believe enjoy grasp realise remember"))
MINUTES = {"lesson": range(35, 61), "unit": range(20, 91)}


def front_matter_faults(
    source: Source, *, known: Mapping[str, Path], competencies: Collection[str] = (), data: Collection[str] = ()
) -> list[str]:
    """Return what the front matter of a lesson or unit promises and does not keep.

    Parameters
    ----------
    source : Source
    known : mapping of str to Path
        The lessons that exist, by name.
    competencies, data : collection of str
        Keys of competencies, and names of data sets, that exist; not looked at when empty.
    """
    row = source.syllabus
    found = [fault for text in row.objectives if (fault := _verb_fault(text))]
    if row.minutes not in MINUTES[source.kind]:
        allowed = MINUTES[source.kind]
        found.append(f"minutes is {row.minutes}; allowed {allowed.start} to {allowed.stop - 1} for a {source.kind}")
    for what, names, allowed_names in (("prerequisites", row.prerequisites, known),
                                       ("competencies", row.competencies, competencies), ("data", row.data, data)):
        found += [f"{what} names '{name}', which is not there.{did_you_mean(name, allowed_names)}"
                  for name in names if allowed_names and name not in allowed_names]
    return found


def _verb_fault(objective: str) -> str:
    """Return what is wrong with the first word of an objective, "" when it is a verb that can be watched."""
    first = objective.split(maxsplit=1)[0].strip(",.;:").lower()
    if first in VERBS:
        return ""
    if first in VAGUE:
        return (f"the objective '{objective[:60]}' begins with '{first}', which nobody can watch; allowed a verb such "
                "as count, choose, explain, defend")
    return (f"the objective '{objective[:60]}' begins with '{first}', which is no verb of the list."
            f"{did_you_mean(first, VERBS)}")


def circles(folder: Path) -> list[str]:
    """Return each circle among the prerequisites of the lessons in a folder, as a line of names.

    Parameters
    ----------
    folder : Path
        `notebooks/`.
    """
    before = {name: read_source(path).syllabus.prerequisites for name, path in lessons(folder).items()}
    return circles_of(before)


def circles_of(before: Mapping[str, Collection[str]]) -> list[str]:
    """Return each circle in a mapping of names to what comes before them, as a line of names.

    >>> circles_of({"a": ["b"], "b": ["a"], "c": ["a"]})
    ['a > b > a']
    """
    found: list[str] = []
    done: set[str] = set()

    def walk(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            circle = path[path.index(name):]
            least = circle.index(min(circle))
            found.append(" > ".join((*circle[least:], *circle[:least], circle[least])))
            return
        if name in done:
            return
        for one in before.get(name, ()):
            walk(one, (*path, name))
        done.add(name)

    for name in before:
        walk(name, ())
    return sorted(set(found))
