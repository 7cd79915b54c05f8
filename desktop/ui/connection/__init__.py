"""The check of the connection, step by step."""
