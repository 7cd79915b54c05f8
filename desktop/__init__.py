"""Holdfast: an offline-first client for people who must send records to a central education portal."""

__version__ = "0.1.0"
