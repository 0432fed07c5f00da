"""Formulas are drawn into the page, and what cannot be drawn stays readable."""

from __future__ import annotations

import pytest

from vsim.course.formulas import formula_html


@pytest.mark.parametrize("tex", [
    r"r = a / n", r"0 \le \frac{a}{n} \le 1", r"\bar{x} = \sum_{i=1}^n x_i", r"\hat\beta_1",
])
def test_a_formula_is_a_picture_with_its_text(tex: str) -> None:
    found = formula_html(tex)
    assert found.startswith('<svg class="formula" role="img"')
    assert found == formula_html(tex)
    assert "nan" not in found


@pytest.mark.parametrize("tex", ["时长", r"\begin{cases} 1 \end{cases}", r"\unknown", "", "a < b }"])
def test_what_cannot_be_drawn_stays_as_it_was_written(tex: str) -> None:
    assert formula_html(tex).startswith('<code class="formula">')


def test_a_formula_of_its_own_line_stands_on_it() -> None:
    assert formula_html("x", block=True).startswith('<span class="formula-block"><svg')
