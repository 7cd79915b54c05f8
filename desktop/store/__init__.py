"""The encrypted local copy: one SQLCipher file in one workspace folder, through SQLAlchemy. See `store.Store`."""
