"""Inference over hits: which duties stand, and which are waived."""
