"""Whether a confidence is the chance that it claims to be, and the weights that make it so.

`python -m tests.benchmarks.calibration` aligns recordings whose times are known, mutated in many ways, and
keeps what the aligner found out about each word and line. It prints the weights that fit best, for
`alignment.engine.confidence`, and measures, on recordings and mutations that were held out of the fit, how
often lines and words of each confidence are within 200 ms of the truth.
"""
