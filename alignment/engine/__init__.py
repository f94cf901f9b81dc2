"""The aligner, a file a stage, in the order of the pipeline: see `pipeline`."""
