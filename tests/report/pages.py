"""A whole page of made-up results, for the tests that read it and the tests that look at it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tests.report.material import CHARTS, YEARLY, comparisons, effects
from vsim.report import figures
from vsim.report.index import (
    ClauseLine,
    Provenance,
    clauses_section,
    comparison_words,
    default_doors,
    headline,
    made_section,
    next_section,
    question_section,
    register_section,
    study_page,
    truth_section,
)
from vsim.report.page_content import PageContent
from vsim.report.words import Bilingual

MADE = Provenance(
    "3f9a1c0be4" * 6 + "3f9a", "b81d77e2aa" * 6 + "b81d", 7, 20, 104, 50_000, 40, date(2024, 1, 1), "0.1.0"
)
CLAUSES = (
    ClauseLine(
        "VII.3.b",
        "推动志愿服务星级认定制度",
        "Star rating of volunteers",
        Bilingual("Star rating", "星级认定"),
        Bilingual(
            "10, 20, 30, 40, 50 verified hours; 6 districts", "核验时长 10、20、30、40、50 小时；6 个区县"
        ),
    ),
    ClauseLine(
        "V.2.c",
        "先培训再上岗",
        "Train before serving",
        Bilingual("Training gate", "培训门槛"),
        Bilingual("a course of 2 h before the first shift; 6 districts", "首次上岗前 2 小时课程；6 个区县"),
    ),
)


def study(
    truth: Sequence[str] = ("two_worlds", "forest_indicators"), seen: Sequence[str] = ("beside_truth",)
) -> PageContent:
    """Return a page with the named charts."""
    lines = comparisons().to_dict("records")
    keys = [
        headline(
            Bilingual("True effect on verified hours", "对核验时长的真实效应"),
            YEARLY,
            lines[0],
            comparison_words()["truth"],
        ),
        headline(
            Bilingual("What the register suggests", "登记数据所示"),
            YEARLY,
            lines[1],
            comparison_words()["before_after"],
        ),
    ]
    sections = [
        question_section(
            Bilingual(
                "Would a local star ladder with lower steps, and a short course before the first shift, make "
                "registered volunteers serve more hours, or only record more?",
                "在本地设一套门槛更低的星级，再加首次上岗前的短期培训，会让注册志愿者多服务，还是只是多记录？",
            ),
            MADE,
        ),
        clauses_section(CLAUSES),
        truth_section(effects(), [figures.draw(CHARTS[name]) for name in truth], MADE),
        register_section(comparisons(), YEARLY, [figures.draw(CHARTS[name]) for name in seen]),
        made_section(
            MADE, ["vsim run compare riverside riverside_stars --replicates 20 --seed 7", "vsim demo"]
        ),
        next_section(default_doors()),
    ]
    return study_page(
        Bilingual("Stars and training in riverside: synthetic data", "河畔的星级与培训：合成数据"),
        Bilingual(
            "A policy beside its twin world: its true effect, and what an agency would see.",
            "政策与它的孪生世界：真实效应，以及管理部门会看到什么。",
        ),
        sections,
        keys,
    )
