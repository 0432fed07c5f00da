"""Checks of the unit."""

from vsim.course import t

LABEL = t("People in the register")
REASON = t("The number counts people, not records.")
