"""What reviewers leave behind: threads, versions, opinion rounds. Rows only."""
