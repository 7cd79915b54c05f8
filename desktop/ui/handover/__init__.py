"""Hand-over: files for the portal that a person uploads, and what the portal said of them."""
