"""Sharing work with colleagues by encrypted change files."""
