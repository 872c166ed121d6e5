"""Small shared things with no dependency inside the package: clock, randomness, sentinels."""
