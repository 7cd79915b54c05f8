"""The recovery sheet: its code on screen, on paper and in a file, and the new passphrase after it was used."""
