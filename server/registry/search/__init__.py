"""The search index: which words a document has, and which documents have the words.

`words` and `query` are pure and say what a search means; `index` is the port to the
database's own full-text search, which `sqlite` and `postgres` fill so that both give
the same answers in the same order. `entries` keeps the index true.
"""
