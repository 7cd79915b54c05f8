"""The one name that reportlab asks for while it draws text: is this a picture? It never is."""


class Image:
    """No picture."""


# ruff: noqa: N999 - the name is that of what it stands for
