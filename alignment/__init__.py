"""Audio-aligned transcripts: put a time on every line and word of a transcript, and listen with the text."""
