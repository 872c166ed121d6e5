"""Iterators over paged requests, one file each."""
