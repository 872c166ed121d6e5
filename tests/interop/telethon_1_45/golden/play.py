"""Plays one suite of calls; its name comes in what the server says of itself."""

import asyncio
from importlib import import_module

from recorder import INFO, run

if __name__ == "__main__":
    asyncio.run(run(import_module(f"suite_{INFO['suite']}").suite))
