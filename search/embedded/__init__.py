"""The engine that runs in this process, on a generation's files."""
