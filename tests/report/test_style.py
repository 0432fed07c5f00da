"""The style leaves no trace, and its colours are told apart by every eye."""

from __future__ import annotations

import itertools

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import LinearSegmentedColormap, to_rgb

from vsim.errors import UsageError
from vsim.i18n import language, set_language
from vsim.report.style import DIVERGING, GREY, INK, PAPER, SERIES, chart_size, luminance, use_style

# Machado, Oliveira and Fernandes (2009), severity 1: linear RGB as seen without one kind of cone.
EYES = {
    "all three cones": np.eye(3),
    "no long-wave cones": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "no middle-wave cones": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "no short-wave cones": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = np.array([0.95047, 1.0, 1.08883])


def lab(colour: str | tuple[float, ...], eye: np.ndarray) -> np.ndarray:
    """Return CIE L*a*b* of a colour as an eye sees it."""
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(eye @ linear, 0, 1) / WHITE
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def contrast(one: str, other: str) -> float:
    a, b = sorted((luminance(to_rgb(one)), luminance(to_rgb(other))), reverse=True)
    return (a + 0.05) / (b + 0.05)


@pytest.mark.parametrize("eye", EYES)
def test_any_two_series_differ_clearly_to_every_eye(eye: str) -> None:
    for one, other in itertools.combinations(SERIES, 2):
        distance = np.linalg.norm(lab(SERIES[one].colour, EYES[eye]) - lab(SERIES[other].colour, EYES[eye]))
        assert distance > 12, (one, other)  # 2.3 is just noticeable side by side


def test_no_series_needs_its_colour_to_be_known() -> None:
    for trait in ("line", "marker", "hatch"):
        for arms in (("base", "pilot"), ("true", "recorded", "verified")):
            values = [getattr(SERIES[arm], trait) for arm in arms]
            assert len(set(values)) == len(values), trait


def test_lines_stand_out_from_paper_and_words_are_easy_to_read() -> None:
    assert {
        name: contrast(look.colour, PAPER)
        for name, look in SERIES.items()
        if contrast(look.colour, PAPER) < 3
    } == {}
    assert min(contrast(INK, PAPER), contrast(GREY, PAPER)) > 4.5


@pytest.mark.parametrize("eye", EYES)
def test_the_map_tells_rise_from_fall_to_every_eye(eye: str) -> None:
    colours = LinearSegmentedColormap.from_list("vsim", DIVERGING)
    for share in (0.15, 0.3, 0.5):
        below, above = (lab(colours(0.5 + sign * share), EYES[eye]) for sign in (-1, 1))
        assert np.linalg.norm(below - above) > 15
    light = [lab(colours(place), EYES[eye])[0] for place in (0.0, 0.25, 0.5, 0.75, 1.0)]
    assert light[0] < light[1] < light[2] > light[3] > light[4]


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_settings_and_language_are_put_back_even_after_an_error(lang: str) -> None:
    before = dict(mpl.rcParams)
    set_language("en")

    def draw_and_fail() -> None:
        with use_style(lang, "narrow"):
            assert (language(), chart_size()) == (lang, "narrow")
            assert mpl.rcParams["font.family"][0] == "VSim Sans SC"
            mpl.rcParams["lines.linewidth"] = 17
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        draw_and_fail()
    assert dict(mpl.rcParams) == before
    assert language() == "en"
    assert chart_size() == "wide"


def test_the_minus_is_a_minus_and_words_are_large_enough() -> None:
    with use_style("en"):
        assert mpl.rcParams["axes.unicode_minus"] is True
        assert mpl.rcParams["font.size"] >= 9


def test_without_a_language_the_one_in_force_is_spoken() -> None:
    set_language("zh_CN")
    with use_style():
        assert language() == "zh_CN"


def test_a_language_or_size_that_is_unknown_is_refused() -> None:
    with pytest.raises(UsageError, match="tlh"), use_style("tlh"):
        pass
    with pytest.raises(UsageError, match="allowed wide, narrow"), use_style("en", "huge"):  # type: ignore[arg-type]
        pass
