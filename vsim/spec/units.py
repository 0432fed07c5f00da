"""Units that levers and offices turn into one another: of time, money and people. No number here is a behaviour."""

from __future__ import annotations

WEEK = 7                      # days
MONTH = 4                     # weeks of the short month of the model
QUARTER = 13                  # weeks
YEAR = 52                     # weeks
MONTHS, QUARTERS = 12, 4      # of a year
WEEKS_A_MONTH = 13 / 3        # of the calendar month
HOUR = 4                      # quarter hours
MINUTES = 60                  # of an hour
FEN = 100                     # of a yuan
PER_HUNDRED, PER_THOUSAND = 100, 1000
TENTHS = 10                   # of a post
ADULT = 18                    # years: full age, Civil Code article 17
