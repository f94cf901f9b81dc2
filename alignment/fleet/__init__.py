"""Many recordings at once: found, handed out to those who work, and kept in one library."""
