"""Who and what there is: places, people, ties, organisations, and the state of each resident."""
