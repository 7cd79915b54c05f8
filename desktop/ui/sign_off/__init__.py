"""The census and the performance profile as a checklist, up to the signature on the website."""
