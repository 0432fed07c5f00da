"""Records, compiled: residents are brought together before the weeks and taken apart after them."""

from __future__ import annotations


def bring_together(records, far, who, reach, join_trait, ready):
    """Copy state, persons and what belongs to them into a record for each resident."""
    for i in range(who.ids.size):
        here = records[i]
        here.status = far.status[i]
        here.since = far.since[i]
        here.first = far.first[i]
        here.last = far.last[i]
        here.noted = far.noted[i]
        here.habit = far.habit[i]
        here.fatigue = far.fatigue[i]
        here.satisfaction = far.satisfaction[i]
        here.verified = far.verified[i]
        here.served = far.served[i]
        here.star = far.star[i]
        here.star_week = far.star_week[i]
        here.points = far.points[i]
        here.trained = far.trained[i]
        here.friends = far.friends[i]
        here.shift = far.shift[i]
        here.honoured = far.honoured[i]
        here.sworn = far.sworn[i]
        here.team = far.team[i]
        here.duty = far.duty[i]
        here.credit = far.credit[i]
        here.ids = who.ids[i]
        here.age = who.age[i]
        here.cell = who.cell[i]
        here.quarter = who.quarter[i]
        here.field = who.field[i]
        here.x = who.x[i]
        here.y = who.y[i]
        here.taste = who.taste[i]
        here.intrinsic = who.intrinsic[i]
        here.keen = who.keen[i]
        here.frailty = who.frailty[i]
        here.reliability = who.reliability[i]
        here.steered = who.steered[i]
        here.skill = who.skill[i]
        here.credential = who.credential[i]
        here.reach = reach[i]
        here.join_trait = join_trait[i]
        here.ready = ready[i]


def take_apart(records, far):
    """Copy the state of all residents back into an array for each field."""
    for i in range(far.status.size):
        here = records[i]
        far.status[i] = here.status
        far.since[i] = here.since
        far.first[i] = here.first
        far.last[i] = here.last
        far.noted[i] = here.noted
        far.habit[i] = here.habit
        far.fatigue[i] = here.fatigue
        far.satisfaction[i] = here.satisfaction
        far.verified[i] = here.verified
        far.served[i] = here.served
        far.star[i] = here.star
        far.star_week[i] = here.star_week
        far.points[i] = here.points
        far.trained[i] = here.trained
        far.friends[i] = here.friends
        far.shift[i] = here.shift
        far.honoured[i] = here.honoured
        far.sworn[i] = here.sworn
        far.team[i] = here.team
        far.duty[i] = here.duty
        far.credit[i] = here.credit
