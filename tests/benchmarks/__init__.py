"""Measured figures: each script prints what it measured and the floor or peer beside it, in the same run."""
