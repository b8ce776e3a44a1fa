"""The parts of issuing that need no transaction: plans, records, files, lists."""
