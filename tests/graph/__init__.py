"""Tests of this kind; the folder names it."""
