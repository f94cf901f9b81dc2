"""The systems that are compared: ours, others, and floors that none can go below.

Each is a script that reads a job and writes its result (`worker.py`), run in a process of its own so that its
time and memory are its alone, with the Python of the environment that it is installed in. What a script
imports for that Python is the standard library and `worker`, besides its own system.
"""
