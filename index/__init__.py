"""From a folder of posts to a published generation."""
