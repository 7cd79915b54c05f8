"""Typing on a portal's own website, guided: the list of what is to be typed, and the window with one sheet."""
