"""What `assistant check` looks for, one kind of flaw a module. Each yields sentences that name file and field and say what to do."""
