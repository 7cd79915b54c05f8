"""Whether the funder pays what the records say it should."""
