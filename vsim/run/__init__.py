"""Runs: the weekly loop, its books, twin arms and their truth, calibration and validation."""
