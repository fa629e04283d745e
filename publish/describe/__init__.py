"""What a release says of itself, for people and for programs: all of it made from the manifest and the declarations."""
