"""A generation in an OpenSearch cluster: what is sent there, and how it gets there."""
