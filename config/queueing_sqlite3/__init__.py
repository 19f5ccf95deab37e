"""A database backend, named in the settings by its package as Django wants it: see `base`."""
