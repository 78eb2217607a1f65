"""The engine that answers from an OpenSearch cluster."""
