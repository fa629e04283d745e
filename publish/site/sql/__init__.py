"""All SQL that the site runs over a release, always with parameters."""
