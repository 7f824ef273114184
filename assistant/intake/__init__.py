"""People's own files become searchable pieces: `reader.read` reads one file, `collection.Collection` keeps a folder of them."""
