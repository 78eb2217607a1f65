"""The commands of `signpost`, each in the module of its purpose."""
