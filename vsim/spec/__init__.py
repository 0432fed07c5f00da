"""Reading and checking what vsim declares: cards, tables, scenarios, clauses, targets, sources."""
