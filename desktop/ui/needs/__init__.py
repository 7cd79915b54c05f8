"""The Needs you screen: what only a person can decide, one after the other."""
