"""Builds the TL layer of the library from the schema files in `data/`.

Usage:

    python -m telethon_generator gen      write the generated files into the checkout
    python -m telethon_generator check    say whether they are up to date
    python -m telethon_generator clean    remove them
    python -m telethon_generator record   write the list of all classes that the tests compare with
"""
