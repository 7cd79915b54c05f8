"""Controls in which a person answers one question each, and the row that frames them. They know no record."""
