"""What holds for every test."""

from hypothesis import settings

# A machine that is busy is slow, not wrong: examples have no time limit.
settings.register_profile("verbatime", deadline=None)
settings.load_profile("verbatime")
