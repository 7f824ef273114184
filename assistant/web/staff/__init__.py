"""/staff: where people see who waits, read what was handed over, and answer. Server-rendered, with a little script of its own."""
