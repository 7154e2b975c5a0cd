"""Drift of points that do not fit in memory: one pass over batches, and states that merge."""
