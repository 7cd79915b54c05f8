"""Settings: how this office is set up, one column, each setting in one place."""
