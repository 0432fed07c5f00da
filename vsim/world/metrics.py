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
    UNUSED = auto()           # came, were not needed, and went home
    STOOD_IN = auto()         # took the seat of somebody who did not come
    INCIDENTS = auto()
    BREACHES = auto()         # breaches of conduct
    ONLINE = auto()           # attendances online
    HONOURED = auto()
    SWORN = auto()            # took the pledge
    TEAMED = auto()           # joined a team
    DUTY_DONE = auto()        # met a requirement
    INFLATED_HOURS = auto()   # quarter hours added to records
    CREDIT_EARNED = auto()    # time credits, quarter hours: for verified hours and for helping
    CREDIT_SEEDED = auto()
    CREDIT_SPENT = auto()
    CREDIT_DONATED = auto()
    CREDIT_EXPIRED = auto()
    CREDIT_REFUSED = auto()   # requests for help without a helper
    CREDIT_HELD = auto()      # stock


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
    HIDDEN = auto()           # needs that nobody found
    BEYOND = auto()           # needs found that no organisation could run
    NEEDED = auto()           # people needed for the posted tasks
    TWICE = auto()            # tasks posted twice
    ONLINE_TASKS = auto()
    HELPED_ON = auto()        # placed by a second menu
    TRUST = auto()            # stock, 1/65536
    ORGS = auto()             # stock: organisations at work
    ORGS_REGISTERED = auto()  # stock: of these, registered by law
    ORGS_CLOSED = auto()
    ORGS_STARTED = auto()
    INSPECTED = auto()
    VIOLATIONS = auto()       # found
    SUSPENDED = auto()        # stock
    ADOPTED = auto()          # organisations that took up a good practice
    QUALITY = auto()          # stock: sum of the quality of organisations at work, 1/65536
    ORG_CASH = auto()         # stock: money of organisations, fen
    ORG_INCOME = auto()       # fen
    ORG_SPENT = auto()        # fen
    RULES = auto()            # stock: items of governance in place


STOCKS = frozenset({
    "registered", "volunteers", "lapsed", "points_held", "credit_held", "trust", "orgs", "orgs_registered", "suspended",
    "quality", "org_cash", "rules",
})                            # what is there at the end of a week; the rest happened in it
