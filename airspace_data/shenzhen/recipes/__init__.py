"""Recipes that make features of the typed facts, one module a subject."""
