"""Measurements that stay: run as `python -m bench NAME`."""
