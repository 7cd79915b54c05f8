"""Files that nobody should have: every reader of files reads them, or refuses them with a sentence."""
