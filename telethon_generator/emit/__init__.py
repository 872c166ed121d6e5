"""The text of the generated files, one module for each kind of file."""
