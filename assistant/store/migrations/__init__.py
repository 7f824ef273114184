"""The tables' history, one step a file in `versions/`. Run on start by `assistant.store.database`."""

NEWEST = "0002"
"""the last step: a database that is there already opens without reading the history"""
