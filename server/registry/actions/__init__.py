"""Every write about drafts: permission, invariant, write, audit and event at once."""
