"""The rules of an opinion round, apart from tables and pages."""
