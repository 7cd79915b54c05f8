"""Plain data of the domain: fields, documents, findings, changes, verdicts, conflicts.

Standard library only; nothing here reads a clock, a disk or a network.
"""
