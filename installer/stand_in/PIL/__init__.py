"""Stands for Pillow in the frozen program: reportlab imports it for pictures, and no report of Holdfast has one.

So 8 MB stay out, and with them a library that reads a hundred formats of foreign files. A picture in a report would raise
AttributeError; tests/unit/installer says first that none is drawn.
"""

# ruff: noqa: N999 - the name is that of what it stands for
