"""Sync: pull, three-way merge, push, outcomes, retry. Talks to portals only through `portal.Portal`."""
