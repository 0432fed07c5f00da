"""Whatever is handed in, the notebook that is marked is the release with the learner's answers in it."""

from __future__ import annotations

import copy
import json
import random
import time
import warnings

import nbformat
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.course.broken import (
    ANSWERS,
    READABLE,
    STUB,
    UNIT,
    UNREADABLE,
    Plain,
    cell,
    changed,
    plain,
    raw,
    release,
    solved,
)
from vsim.course.claims import Identity, identity_beside, identity_of, kindly
from vsim.course.flags import CODES
from vsim.course.loose import clean, read
from vsim.course.rebuild import Rebuilt, flag_text, rebuild
from vsim.i18n import set_language

pytestmark = pytest.mark.slow

RELEASE = release()
GRADED = [found for found in RELEASE.cells if "nbgrader" in found.metadata]


def sources(built: Rebuilt) -> dict[str, str]:
    """Return grade_id -> source."""
    return {found.metadata.nbgrader.grade_id: found.source for found in built.notebook.cells if found.metadata}


def own(built: Rebuilt) -> list[str]:
    """Return the sources of the cells that the release does not have."""
    ids = {found.id for found in RELEASE.cells}
    return [found.source for found in built.notebook.cells if found.id not in ids]


def sound(built: Rebuilt) -> None:
    """Hold that a rebuilt notebook is valid and bears the skeleton's cells, metadata and locked sources, in order."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        nbformat.validate(built.notebook)
    text = json.dumps(built.notebook, allow_nan=False, ensure_ascii=False)
    text.encode("utf-8")
    assert (built.notebook.nbformat, built.notebook.nbformat_minor) == (4, 5)
    assert built.notebook.metadata == RELEASE.metadata
    graded = [found for found in built.notebook.cells if "nbgrader" in found.metadata]
    assert [found.metadata for found in graded] == [found.metadata for found in GRADED]
    assert [found.cell_type for found in graded] == [found.cell_type for found in GRADED]
    released = [found for found in built.notebook.cells if found.id in {mine.id for mine in RELEASE.cells}]
    assert [found.id for found in released] == [found.id for found in RELEASE.cells]
    for found, mine in zip(released, RELEASE.cells, strict=True):
        if not mine.metadata.get("nbgrader", {}).get("solution"):
            assert found.source == mine.source
    for found in built.notebook.cells:
        assert found.cell_type != "code" or (found.outputs == [] and found.execution_count is None)
        assert "attachments" not in found
    assert all(code in CODES for code, _ in built.flags)
    assert len(set(built.flags)) == len(built.flags)


@pytest.mark.parametrize("kind", READABLE)
def test_a_file_with_one_thing_wrong_keeps_its_answers(kind: str) -> None:
    make, flags = READABLE[kind]
    built = rebuild(RELEASE, make())
    sound(built)
    assert sources(built)["q1"] == ANSWERS["q1"]
    assert flags <= set(built.flags)
    assert built.usable
    if not flags:
        assert built.flags == ()


@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_cannot_be_read_is_the_untouched_release(kind: str) -> None:
    start = time.perf_counter()
    built = rebuild(RELEASE, UNREADABLE[kind])
    assert time.perf_counter() - start < 2
    sound(built)
    assert built.flags == (("unreadable", None),)
    assert built.notebook.cells == RELEASE.cells
    assert not built.usable


def test_the_same_file_gives_the_same_notebook_with_the_same_ids() -> None:
    file = READABLE["600 cells of one's own"][0]()
    first, second = rebuild(RELEASE, file), rebuild(RELEASE, file)
    assert first == second
    assert len(own(first)) == 400
    assert len({found.id for found in first.notebook.cells}) == len(first.notebook.cells)


def test_the_release_is_not_changed() -> None:
    before = copy.deepcopy(RELEASE)
    built = rebuild(RELEASE, raw(solved()))
    built.notebook.cells[0].metadata["nbgrader"]["points"] = 99
    built.notebook.metadata["vsim"] = {}
    assert before == RELEASE


def test_cells_of_ones_own_stay_behind_their_neighbour_without_their_metadata() -> None:
    notebook = solved()
    extra = {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "outputs": [{"x": 1}], "source": "import math"}
    notebook["cells"].insert(3, extra)
    notebook["cells"].append({"cell_type": "markdown", "metadata": {}, "source": "Done."})
    notebook["cells"].insert(0, {"cell_type": "raw", "metadata": {"format": "x"}, "source": "First."})
    built = rebuild(RELEASE, raw(notebook))
    sound(built)
    assert built.notebook.cells[0].source == "First."
    assert [found.source for found in built.notebook.cells][4:6] == ["import math", ANSWERS["q1"]]
    assert built.notebook.cells[-1].source == "Done."
    assert built.flags == ()


def test_work_in_a_released_cell_without_label_is_kept_beside_it() -> None:
    notebook = solved()
    cell(notebook, "rates-2")["source"] = "## Room for notes\n\nMine."
    built = rebuild(RELEASE, raw(notebook))
    sound(built)
    assert [found.source for found in built.notebook.cells[1:3]] == ["## Room for notes", "## Room for notes\n\nMine."]


def test_both_halves_of_a_split_answer_run_in_their_order() -> None:
    built = rebuild(RELEASE, READABLE["split in two"][0]())
    code = [found.source for found in built.notebook.cells]
    assert code[3:6] == [ANSWERS["q1"], "share = rate / 2", 'unit.check("q1")']


def test_a_rival_answer_is_not_run() -> None:
    assert own(rebuild(RELEASE, READABLE["copied, both edited"][0]())) == []


def test_an_emptied_answer_is_an_edit_but_never_before_a_filled_one() -> None:
    built = rebuild(RELEASE, changed(lambda notebook: cell(notebook, "q1").update(source="  "))())
    assert (sources(built)["q1"].strip(), built.answered) == ("", 2)
    notebook = solved()
    notebook["cells"].append(cell(notebook, "q1") | {"id": "later"})
    notebook["cells"][3] = cell(notebook, "q1") | {"source": ""}
    assert sources(rebuild(RELEASE, raw(notebook)))["q1"] == ANSWERS["q1"]


def test_changed_spaces_and_line_ends_are_no_edit() -> None:
    notebook = plain(release())
    for found in notebook["cells"]:
        found["source"] = found["source"].replace("\n", "  \r\n") + "\n\n"
    built = rebuild(RELEASE, raw(notebook))
    assert (built.flags, built.answered) == ((), 0)
    assert built.notebook.cells == RELEASE.cells


def test_another_language_edition_is_no_edit() -> None:
    chinese = release("Chinese")
    built = rebuild(RELEASE, raw(plain(chinese)), editions=[chinese])
    assert (built.flags, built.answered) == ((), 0)
    stripped = plain(chinese)
    for found in stripped["cells"]:
        found["metadata"] = {}
        del found["id"]
    stripped["cells"][3]["source"] = ANSWERS["q1"]
    built = rebuild(RELEASE, raw(stripped), editions=[chinese])
    assert (sources(built)["q1"], built.answered) == (ANSWERS["q1"], 1)
    assert built.flags == (("stripped-metadata", None),)


def test_answers_are_found_without_labels_where_cells_were_added_moved_in_between_and_locked_ones_edited() -> None:
    notebook = json.loads(READABLE["stripped of labels and ids"][0]())
    cells = notebook["cells"]
    cells[2]["source"] += "\n# loaded"
    cells.insert(5, {"cell_type": "code", "metadata": {}, "source": "import math"})
    cells.insert(6, {"cell_type": "markdown", "metadata": {}, "source": "My way:"})
    built = rebuild(RELEASE, raw(notebook))
    sound(built)
    assert {key: sources(built)[key] for key in ANSWERS} == ANSWERS
    assert own(built) == ["import math", "My way:"]
    assert ("locked-edited", "setup") in built.flags


def test_an_answer_typed_where_the_deleted_cell_stood_is_taken() -> None:
    notebook = solved()
    cell(notebook, "q2").update(id="new", metadata={}, source="hours = 12")
    built = rebuild(RELEASE, raw(notebook))
    assert sources(built)["q2"] == "hours = 12"
    assert built.flags == (("relabelled", "q2"),)


def test_another_notebook_is_a_stranger_and_nothing_of_it_is_taken() -> None:
    other = {"nbformat": 4, "metadata": {}, "cells": [
        {"cell_type": "code", "metadata": {}, "source": "print('shopping')"},
        {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": "z9"}}, "source": "z = 1"},
    ]}
    built = rebuild(RELEASE, raw(other))
    assert (built.flags, built.notebook.cells) == ((("stranger", None),), RELEASE.cells)


def test_a_release_without_ids_gets_them() -> None:
    bare = release()
    for found in bare.cells:
        del found["id"]
    bare.cells[1]["id"] = "no good!"
    built = rebuild(bare, raw(solved()))
    nbformat.validate(built.notebook)
    assert sources(built)["q1"] == ANSWERS["q1"]


@pytest.mark.parametrize("count", [10_000, pytest.param(50_000, marks=pytest.mark.slow)])
def test_a_hundred_thousand_cells_take_a_few_seconds(count: int) -> None:
    notebook = solved()
    stub = STUB.format(name="rate")
    extra = [{"cell_type": "code", "source": stub} for _ in range(count)] + [
        {"cell_type": "code", "source": f"x = {number}", "metadata": {"nbgrader": {"grade_id": "q1"}}}
        for number in range(count)]
    file = json.dumps(notebook | {"cells": notebook["cells"] + extra}).encode()
    start = time.perf_counter()
    built = rebuild(RELEASE, file)
    assert time.perf_counter() - start < 4
    sound(built)
    assert sources(built)["q1"] == ANSWERS["q1"]


@pytest.mark.parametrize("source", [
    "a" * 90_000, "a," * 45_000, "a " * 45_000, "a, " * 30_000 + ":", "def " * 22_000, "a:" * 45_000, "\n" * 90_000,
])
def test_no_source_takes_long(source: str) -> None:
    notebook = json.loads(READABLE["stripped of labels and ids"][0]())
    notebook["cells"][3]["source"] = source
    notebook["cells"][5:5] = [{"cell_type": "code", "source": source} for _ in range(20)]
    start = time.perf_counter()
    sound(rebuild(RELEASE, raw(notebook)))
    assert time.perf_counter() - start < 2


def test_control_characters_and_halves_of_characters_go_and_line_ends_are_plain() -> None:
    assert clean("a\r\nb\rc\0\x1b\ud800\u4e2d\t") == "a\nb\nc\ufffd\u4e2d\t"


def test_an_old_heading_and_its_level_are_kept() -> None:
    found = read(READABLE["format 3"][0]())
    assert found is not None
    assert found.cells[1].source == "# My part".replace("#", "##")


@pytest.mark.parametrize(("found", "identity"), [
    ({"unit": UNIT, "course": "c", "learner": " Ada ", "ticket": "abc"}, Identity(UNIT, "c", "ada", "abc")),
    ({"learner": "ＡＤＡ"}, Identity(learner="ada")),
    ({"learner": ".."}, Identity()), ({"learner": "../x"}, Identity()), ({"learner": "a" * 65}, Identity()),
    ({"learner": ["ada"], "unit": 5, "ticket": {"a": 1}}, Identity()), ({"ticket": "a b"}, Identity()),
    ({"ticket": "x" * 101, "unit": "x" * 101}, Identity()), ({"unit": "a\nb"}, Identity()), (None, Identity()),
    ([1], Identity()), ("x", Identity()),
])
def test_a_claim_is_a_short_plain_text_or_none(found: object, identity: Identity) -> None:
    assert identity_of(found) == identity
    assert identity_beside(json.dumps(found).encode()) == identity


def test_claims_come_from_the_metadata_of_the_notebook() -> None:
    assert rebuild(RELEASE, raw(solved())).identity == Identity(UNIT, "vol101", "ada", "t-ada")
    assert identity_beside(b"\xff") == identity_beside(b"[" * 9000) == identity_beside(b"") == Identity()


def test_names_are_matched_kindly_but_never_two_ways() -> None:
    learners = ["ada", "bob.li", "eve"]
    assert [kindly(name, learners) for name in ("ada", "Ada ", "ＡＤＡ", "Bob. Li", "adam")] == [
        "ada", "ada", "ada", "bob.li", None]
    assert kindly("A B", ["a b", "ab"]) is None


def test_every_flag_has_a_kind_sentence_in_words() -> None:
    for code in CODES:
        text = flag_text((code, "q1"))
        assert text != code
        assert "{" not in text
    assert "q1" in flag_text(("duplicate", "q1"))
    assert flag_text(("from a later version", None)) == "from a later version"
    set_language("zh_CN")
    assert flag_text(("duplicate", "q{x}"))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([
        "cells", "worksheets", "metadata", "nbgrader", "grade_id", "source", "cell_type", "id", "input", "level",
        "vsim", "attachments", "outputs", "q1",
    ]) | st.text(max_size=4), inner, max_size=5), max_leaves=25,
)
KEYS = ("cell_type", "metadata", "source", "id", "outputs", "attachments", "input")


@pytest.mark.slow
@given(JSON)
@examples(max_examples=50)
def test_any_json_gives_the_skeleton(value: object) -> None:
    sound(rebuild(RELEASE, json.dumps(value).encode()))
    sound(rebuild(RELEASE, json.dumps({"cells": value, "metadata": value}).encode()))


@given(st.binary(max_size=300))
@examples(max_examples=50)
def test_any_bytes_give_the_skeleton(value: bytes) -> None:
    sound(rebuild(RELEASE, value))
    sound(rebuild(RELEASE, b'{"cells": [{"source": "' + value + b'"}]}'))


@st.composite
def mutated(draw: st.DrawFn) -> Plain:
    """Draw a learner's notebook in which cells were deleted, copied, moved, relabelled or given wrong types."""
    notebook = solved()
    cells = notebook["cells"]
    for _ in range(draw(st.integers(1, 12))):
        if not cells:
            break
        at = draw(st.integers(0, len(cells) - 1))
        match draw(st.sampled_from(["delete", "copy", "move", "swap", "type", "label", "strip", "edit"])):
            case "delete":
                del cells[at]
            case "copy":
                cells.insert(draw(st.integers(0, len(cells))), copy.deepcopy(cells[at]))
            case "move":
                cells.insert(draw(st.integers(0, len(cells) - 1)), cells.pop(at))
            case "swap":
                random.Random(at).shuffle(cells)
            case "type":
                cells[at] = cells[at] | {draw(st.sampled_from(KEYS)): draw(JSON)} if isinstance(cells[at], dict) else 5
            case "label":
                cells[at] = {**cells[at], "metadata": {"nbgrader": draw(st.fixed_dictionaries({
                    "grade_id": st.sampled_from(["q1", "q2", "setup", "q1-check", "zz"]) | JSON}))}}
            case "strip":
                cells[at] = {key: value for key, value in cells[at].items() if key not in ("metadata", "id")}
            case "edit":
                cells[at] = {**cells[at], "source": draw(st.text(max_size=30) | st.lists(st.text(max_size=9)))}
    return notebook


@pytest.mark.slow
@given(mutated())
@examples(max_examples=60)
def test_any_mutation_gives_the_skeleton(notebook: Plain) -> None:
    sound(rebuild(RELEASE, json.dumps(notebook).encode()))


@pytest.mark.slow
@given(mutated(), st.sampled_from(["utf-8", "utf-16", "gb18030"]), st.integers(0, 3000), st.binary(max_size=5))
@examples(max_examples=1500)
def test_any_mutation_with_any_damage_gives_the_skeleton(notebook: Plain, code: str, at: int, bad: bytes) -> None:
    file = json.dumps(notebook, ensure_ascii=False).encode(code, "replace")
    sound(rebuild(RELEASE, file[:at] + bad + file[at + len(bad):]))
    sound(rebuild(RELEASE, file[:at]))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")      # of the packages it imports
def test_nbgrader_takes_every_rebuilt_notebook() -> None:
    from nbgrader.nbgraderformat import MetadataValidator, reads

    for make, _ in READABLE.values():
        built = rebuild(RELEASE, make())
        MetadataValidator().validate_nb(built.notebook)
        again = reads(nbformat.writes(built.notebook), as_version=4)
        assert len(again.cells) == len(built.notebook.cells)
