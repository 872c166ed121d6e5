"""The version of the package."""

__version__ = "1.45.0"
