"""The database backend of an embedded server: `base` says what it does otherwise."""
