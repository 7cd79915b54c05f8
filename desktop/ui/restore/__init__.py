"""Putting a backup back, in the window."""
