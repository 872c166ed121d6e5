"""How the documentation is built: `sphinx-build docs docs/_build/html`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from telethon.version import __version__

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "Telethon"
author = "the maintainers"
copyright = "2026, the maintainers"
version = release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.viewcode"]
source_suffix = {".rst": "restructuredtext", ".md": "markdown"}
exclude_patterns = ["_build"]
html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["tables.css"]
html_title = f"Telethon {version}"
html_copy_source = False
html_show_sphinx = False
pygments_style = "friendly"
pygments_dark_style = "monokai"

# A name between single backticks is code, and a link where that name is documented.
default_role = "py:obj"
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_format = "short"
autodoc_typehints_description_target = "documented_params"
autodoc_preserve_defaults = True
napoleon_use_ivar = True
napoleon_use_rtype = False
myst_heading_anchors = 3

_FENCE = re.compile(r"^(\s*)```(\w*)$")
_REMARK = re.compile(r"^(Network|Source): (.+)$")
_SECTION = re.compile(r"^(\w+|.*::)\s*:?$")


def _in_rst(lines: list[str]) -> list[str]:
    """The lines of a docstring, with what reads well in source brought into the form that Sphinx understands.

    Code between fences becomes a block of code, and the remarks at the end (`Network: ...`, `Source: ...`) become
    paragraphs of their own.
    """
    found: list[str] = []
    fence: str | None = None
    in_remark = False
    for line in lines:
        match = _FENCE.match(line)
        if match is not None:
            opens = fence is None
            fence = match[1] if opens else None
            found += ["", f"{match[1]}.. code-block:: {match[2] or 'text'}", ""] if opens else [""]
            in_remark = False
        elif fence is not None:
            found.append(f"    {line}" if line.strip() else "")
        elif (remark := _REMARK.match(line)) is not None:
            text = re.sub(r"^(?=core\.telegram\.org/)", "https://", remark[2])
            found += ["", f"**{remark[1]}:** {text}"]
            in_remark = True
        elif in_remark and line.startswith("    "):
            # The remark goes on; indented it would be taken for the definition of a term.
            found.append(line.strip())
        else:
            in_remark = False
            found.append(line)
    return found


def _with_pictures(lines: list[str]) -> list[str]:
    """The lines of a module's docstring, with indented blocks (drawings, code) marked as what they are."""
    found: list[str] = []
    in_block = is_section = False
    for line in lines:
        if line.startswith("    ") and not in_block and not is_section and found and not found[-1].strip():
            found += ["::", ""]
            in_block = True
        elif line and not line.startswith(" "):
            in_block = False
            is_section = bool(_SECTION.match(line))
        found.append(line)
    return found


def _process_docstring(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    if what == "module":
        lines[:] = _with_pictures(lines)
    lines[:] = _in_rst(lines)
    if what in ("property", "attribute", "data"):
        # Otherwise what stands before the first colon would be taken for a type.
        lines[:0] = ["..", ""]


def setup(app: Sphinx) -> None:
    """Bring docstrings into the form of Sphinx before napoleon looks at them."""
    app.connect("autodoc-process-docstring", _process_docstring, priority=100)
