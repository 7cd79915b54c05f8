"""The frame around every screen: rail, strip, page stack, keys, and what it remembers."""
