"""Every read about drafts that shows more than one row."""
