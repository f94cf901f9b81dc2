"""How exact, quick and light the player is, in a real Chromium: `python -m tests.benchmarks.player`."""
