"""What is counted each week: integers by district, week and cell of residents, and by district and week.

The names are the columns of every weekly aggregate; sums over weeks, cells and districts are exact. Stocks are
counted at the end of the week.
"""

from __future__ import annotations

from enum import IntEnum, auto

MONTH, YEAR = 4, 52           # weeks of a "month" and a "year" window


class M(IntEnum):
    """Counts of residents, by week and cell."""

    REGISTERED = 0            # stock: on the register
    VOLUNTEERS = auto()       # stock: ready to serve
    LAPSED = auto()           # stock: served once, not at present
    JOINED = auto()
    LEFT = auto()
    RETURNED = auto()
    WILLING = auto()          # wanted to take part this week
    UNPLACED = auto()         # wanted to, found no seat
    PLACED = auto()           # seats taken
    ABSENT = auto()           # seats taken, did not show up
    ATTENDED = auto()         # attendances (person-times)
    HOURS = auto()            # true quarter hours
    SERVING = auto()          # persons who served this week
    RECORDED = auto()         # attendances on the register, without second copies
    RECORDED_HOURS = auto()   # their quarter hours, as entered
    COPIES = auto()           # second copies of a record
    COPIED_HOURS = auto()
    VERIFIED_HOURS = auto()   # quarter hours credited this week
    ACTIVE_MONTH = auto()     # first recorded service of a person in this 4-week window
    ACTIVE_YEAR = auto()      # first recorded service of a person in this 52-week window
    SERVED_YEAR = auto()      # first true service of a person in this 52-week window
    FIRST_SERVICE = auto()
    TRAINED = auto()          # passed a course
    COURSE_HOURS = auto()     # quarter hours in courses
    STARS = auto()            # stars granted
    POINTS_EARNED = auto()
    POINTS_SPENT = auto()
    POINTS_EXPIRED = auto()
    POINTS_HELD = auto()      # stock


class A(IntEnum):
    """Counts of tasks, by district and week."""

    ARISEN = 0                # needs that arose
    POSTED = auto()
    SEATS = auto()
    FILLED = auto()           # seats taken
    STAFFED = auto()          # seats whose volunteer came
    GATED = auto()            # tasks that asked for a certificate
    GATED_FILLED = auto()
    COURSE_SEATS = auto()
    RECEIVED = auto()         # quarter hours received by the people served
