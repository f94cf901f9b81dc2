"""What holds for every test."""

import signal

from hypothesis import settings

# A machine that is busy is slow, not wrong: examples have no time limit.
settings.register_profile("verbatime", deadline=None)
settings.load_profile("verbatime")

# A shell has what it runs in the background ignore Ctrl-C, and what is started from there inherits that.
signal.signal(signal.SIGINT, signal.default_int_handler)
