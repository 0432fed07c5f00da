"""Indicators of volunteer management: the catalogue, the arithmetic, and what each needs of an agency's tables.

>>> import pandas as pd
>>> from vsim.evaluate.kpi.shifts import staffed_rate
>>> shifts = pd.DataFrame({"activity_id": ["a", "b"], "people_needed": [2, 2], "district": ["D1", "D2"]})
>>> came = pd.DataFrame({"activity_id": ["a", "a", "a", "b"], "status": ["came", "came", "came", "absent"]})
>>> found = staffed_rate(shifts, came).reading()
>>> found.value, found.numerator, found.denominator
(0.5, 2.0, 4.0)
"""
