"""Checks of the small town."""

from vsim.course import t

HINTS = {"q1": [t("Which number is the denominator?")]}
