"""Benchmarks: figures for a person to judge, never a test that fails on time.

`make benchmark` runs all of them and keeps the report as `results/<date>.md`. For a quick look at a part:

    .venv/bin/python -m tests.benchmarks --data hand-labelled-words --systems ours,whisper

One file is one benchmark (`alignment_accuracy.py`), named in `__main__.py`; one file in `systems/` is one
aligner that it compares. They measure on the data of the `shared` folder beside the repository, where a
machine has it.
"""
