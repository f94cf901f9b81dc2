"""What a fleet costs, on paper: measured costs of one worker, a simulation of many, and prices.

    python -m tests.benchmarks.fleet -o tests/benchmarks/results/DATE-scale.md
    python -m tests.benchmarks.fleet --measure  # measures the costs of a worker anew first

What is measured lies in `measured.json`, what is assumed in `assumptions.py`, each with its source.
"""
