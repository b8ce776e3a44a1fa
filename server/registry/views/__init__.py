"""The pages about drafts, by what a person does on them."""
