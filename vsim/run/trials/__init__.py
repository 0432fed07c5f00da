"""Trials in silico of published experiments: a bench on which the real weeks run, and one module for each kind."""
