"""What policy can do: one file a lever, its card beside it. This tuple is the list of levers."""

from __future__ import annotations

from vsim.levers.base import Edit, Lever
from vsim.levers.points import Points
from vsim.levers.stars import Stars
from vsim.levers.training_gate import TrainingGate

ALL: tuple[type[Lever], ...] = (Stars, Points, TrainingGate)
BY_NAME = {lever.name: lever for lever in ALL}

__all__ = ["ALL", "BY_NAME", "Edit", "Lever", "Points", "Stars", "TrainingGate"]
