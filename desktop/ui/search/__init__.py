"""Ctrl+F from anywhere: one field over all collections, and the records that fit or are near."""
