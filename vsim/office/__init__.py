"""Offices: what is done, after the weeks, with what happened - ratings, certificates, claims - one file an office.

An office reads the raw tables of a run and the policy in force, draws by key and writes tables. Nothing that it does
reaches people inside the run: switched on or off, it changes no attendance.
"""
