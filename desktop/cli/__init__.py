"""The headless commands of Holdfast: parsing, running a verb, and saying what came of it.

Only `main.run` is meant for outside; the composition root calls it and hands in what this room may not import.
"""
