"""Deadlines: which days count, how ready the records are, and what stands in the way."""
