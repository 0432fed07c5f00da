"""The page of a certificate: A4, whole, the same bytes each time, no letter lost, whatever the name."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest

from vsim.errors import UsageError
from vsim.report import certificate_letters
from vsim.report.certificate import certificate_page
from vsim.report.certificate_letters import Outlines, outlines_for

DEJAVU = Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
UNIT = {"title": "登记册与比率", "waived": False, "minutes": 45, "marked": "2026-11-27", "earned": 27.5, "points": 30,
        "share": 0.917}
RARE = "Ա"                   # an Armenian letter, in DejaVu Sans and not in vsim's font


def facts(**changes: Any) -> dict[str, Any]:
    return {"id": "0d4c2f1e-9b7a-8c3d-a5e6-f7089a1b2c3d", "lang": "zh_CN", "learner": "mei", "name": "王小梅",
            "hours": 0.75, "issuer": "云川", "issued": "2026-11-28T03:00:00+00:00", "day": "2026-11-28",
            "tier_title": "基础层", "course": "hz2026", "cohort": "", "units": [UNIT], "mean": 0.917, "band": "优秀",
            "criteria": "一个单元",
            "competencies": {"registers": "读懂登记册"}, **changes}


def shown(page: bytes) -> str:
    """Return the text of a page, read back through its own table from glyphs to letters."""
    codes = {int(code, 16): bytes.fromhex(text).decode("utf-16-be")
             for code, text in re.findall(r"<([0-9A-F]{4})> <([0-9A-F]{4,8})>\n", page.decode("latin-1"))}
    runs = re.findall(rb"<([0-9A-F]+)> Tj|/ActualText <FEFF([0-9A-F]+)>", page)
    return " ".join("".join(codes[int(run[at : at + 4], 16)] for at in range(0, len(run), 4)) if run
                    else bytes.fromhex(other.decode()).decode("utf-16-be") for run, other in runs)


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_the_page_says_what_the_facts_say_and_its_text_can_be_read_back(lang: str) -> None:
    page = certificate_page(facts(lang=lang), "3F2A 90C1")
    text = shown(page)
    for word in ("王小梅", "登记册与比率", "27.5 / 30", "2026-11-27", "92 %", "优秀", "3F2A 90C1", "0d4c2f1e", "云川"):
        assert word in text
    assert ("培训证书" in text, "Certificate of training" in text) == (True, True)
    assert page == certificate_page(facts(lang=lang), "3F2A 90C1")


def test_every_place_in_the_table_of_places_is_that_of_its_object() -> None:
    page = certificate_page(facts(), "")
    at = int(re.findall(rb"startxref\n(\d+)\n", page)[-1])
    rows = page[at:].splitlines()
    count = int(rows[1].split()[1])
    for key, row in enumerate(rows[3 : 2 + count], start=1):
        place = int(row.split()[0])
        assert page[place:].startswith(b"%d 0 obj\n" % key)
    for length, body in re.findall(rb"/Length (\d+)[^>]*>>\nstream\n(.*?)\nendstream", page, re.DOTALL):
        assert int(length) == len(body)


@pytest.mark.parametrize("units", [1, 9, 27])
def test_however_many_units_nothing_reaches_the_foot_or_leaves_the_page(units: int) -> None:
    long = {**UNIT, "title": "A very long title of a unit that would not fit into its column without being set smaller"}
    waived = {**UNIT, "waived": True, "earned": None, "points": None, "share": None}
    said = facts(lang="en", name="A" * 80, units=[long] * (units - 1) + [waived], criteria="word " * 60,
                 issuer="B" * 80, cohort="C" * 80)
    page = certificate_page(said, "")
    places = [(float(x), float(y)) for x, y in re.findall(rb" ([\d.]+) ([\d.]+) Td ", page)]
    assert all(60 <= x <= 535 for x, _ in places)
    assert min(y for _, y in places) > 20
    assert [y for _, y in places if 117 < y < 140] == []                     # between the units and the foot


def test_a_letter_that_the_font_lacks_is_drawn_from_another_and_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    page = certificate_page(facts(name=f"王{RARE}梅"), "", font=DEJAVU)
    assert f"王 {RARE} 梅" in shown(page)
    assert page.count(b" f Q EMC") == 1
    monkeypatch.setattr(certificate_letters, "_of_machine", lambda letters: DEJAVU if letters == RARE else None)
    assert certificate_page(facts(name=f"王{RARE}梅"), "") == page
    with pytest.raises(UsageError, match="no font of this machine has"):
        certificate_page(facts(name="\U0002a6a5"), "")
    with pytest.raises(UsageError, match="has no"):
        certificate_page(facts(name="\U0002a6a5"), "", font=DEJAVU)


def test_signs_that_are_not_seen_leave_no_gap_on_the_page() -> None:
    assert certificate_page(facts(name="王\u202e小\u200b梅\n"), "") == certificate_page(facts(), "")


def test_a_font_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.ttf").write_bytes(b"no font")
    for path in (tmp_path / "x.ttf", tmp_path / "nothing.ttf"):
        with pytest.raises(UsageError, match="is no font"):
            Outlines(path)
    assert outlines_for("王 ABC", tmp_path / "x.ttf") is None
