"""Choosing recordings: where an address leads to several, which of them are added."""

from alignment.app.choosing.rows import Choice
from alignment.app.choosing.view import ask_which, forget_choice, get_ready

__all__ = ["Choice", "ask_which", "forget_choice", "get_ready"]
