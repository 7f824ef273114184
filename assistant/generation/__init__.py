"""One state of the search index on disk, never changed once published: `writing.build` makes it, `reading.Generation` asks it."""
