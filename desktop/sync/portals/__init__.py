"""One adapter per portal; the only code that imports httpx. An adapter parses, checks and maps; it decides nothing."""
