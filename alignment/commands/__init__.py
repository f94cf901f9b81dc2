"""The commands of the command line beside those of cli.py, a file a topic."""
