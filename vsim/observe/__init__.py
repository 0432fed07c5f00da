"""What an agency sees: registers with opaque ids, dates and errors; and the truth, kept apart."""
