"""Indicators and estimators: thin, on plain tables, without sight of the truth."""
