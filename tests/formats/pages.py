"""Pages of a video-transcript site, written for these tests, with every quirk of the real ones."""

WRAP, CAPTION, TURN = "\u00a0 ", "\u00a0\u00a0 ", " \u00a0 "

LINES = [
    "Good evening, and welcome to",
    "the lighthouse. How long does",
    "the lamp burn on a full tank?",
    "Fourteen hours, if the wind",
    "is kind — and in cafe\u0301s they",
    "say it's longer. Who counts the ships? I used to, until the new radar came along.",
    "And now?",
    "Now I count gulls.",
]
SEPARATORS = [WRAP, CAPTION, TURN, WRAP, CAPTION, TURN, TURN]
TURNS = [0, 0, 0, 1, 1, 1, 2, 3]
CAPTIONS = "".join(line + separator for line, separator in zip(LINES, [*SEPARATORS, ""], strict=True))

TITLE = "The Keeper — an hour at the lamp"
STATISTICS = "Video Statistics and Information\n\nVideo\nCaptions Word Cloud"
COMMENTS = """Reddit Comments

I never knew that gulls could be counted.

👍︎︎ 1,204 👤︎︎ u/quiet_harbour 📅︎︎ Feb 03 2024 🗫︎ 3 replies

Info

👍︎︎ -5 👤︎︎ u/[deleted] 📅︎︎ Feb 29 2024 🗫︎ replies

Three questions:

  • 1, why is the lamp green?
  • 2, who is the dog?

Note

👍︎︎ 0 👤︎︎ u/Brine-77 📅︎︎ Feb 30 2024 🗫︎ 1 reply"""
INFO = """Info
Channel: Salt & Light: the show
Views: 73,008
Rating: undefined out of 5
Keywords:
Id: aB3_-dE5fG7
Channel Id: undefined
Length: 1h 2min 3sec (3723 seconds)
Published: Sat Feb 03 2024"""
RELATED = "Related Videos\nThe Baker at Dawn\n\nThe Ferryman"
NOTE = "Note\nPlease note that these pages are a draft."


def page(*sections):
    """A page of these sections in this order; for none, of all of them as the site puts them."""
    return "\n".join(
        sections or [TITLE, "", STATISTICS, COMMENTS, f"Captions\n{CAPTIONS}", INFO, RELATED, NOTE]
    )
