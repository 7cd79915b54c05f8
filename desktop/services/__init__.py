"""Use cases: the one door that the window and the command line go through. See `workspace.Workspace`."""
