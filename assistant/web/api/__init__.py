"""The HTTP API under /api/v1: one module a subject; each validates, calls engine or store, and answers."""
