"""Runs a collection's rules over records, and reads what people type. Knows no clock, disk or network."""
