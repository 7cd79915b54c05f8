"""The window: the only room that imports PySide6. It shows plain data from the services and hands back what people do."""
