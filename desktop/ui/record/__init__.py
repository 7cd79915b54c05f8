"""The Record screen: a form made from the collection, its findings, its money, its history, its actions."""
