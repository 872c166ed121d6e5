"""How the documentation is built: `sphinx-build docs docs/_build/html`."""

from __future__ import annotations

from telethon.version import __version__

project = "Telethon"
author = "the maintainers"
copyright = "2026, the maintainers"
version = release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.viewcode"]
source_suffix = {".rst": "restructuredtext", ".md": "markdown"}
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"Telethon {version}"

autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_format = "short"
napoleon_custom_sections = [("Network", "params_style"), ("Source", "params_style")]
myst_heading_anchors = 3
