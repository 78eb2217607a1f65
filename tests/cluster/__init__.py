"""A real OpenSearch cluster of three nodes on this machine, for tests and trials."""
