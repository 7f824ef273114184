"""The chat page and its two small JSON routes. Draws the engine's events; knows no metric and no search."""
