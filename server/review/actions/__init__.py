"""Every write of review: permission, invariant, row, audit and event in one."""
