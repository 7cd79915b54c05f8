"""Setting a workspace up: who you are, how records travel, the passphrase, and the first reading."""
