"""Signatures in PDF: put them in, and judge them.

PAdES by pyHanko. Pure apart from keys and the time-stamp service, which come through
`ports`. Must never read a setting, the database or the network on its own account.
"""
