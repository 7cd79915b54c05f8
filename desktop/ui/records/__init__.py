"""The Records screen: a table that pages through the store, its filters, its selection, its empty states."""
