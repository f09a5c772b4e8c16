"""Configuration of the documentation."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from cardhouse import __version__

project = "cardhouse"
author = "The cardhouse developers"
copyright = "The cardhouse developers; figures belong to their sources"  # noqa: A001 the name the builder reads
release = __version__
extensions = ["myst_parser", "sphinx.ext.mathjax"]
myst_enable_extensions = ["dollarmath", "deflist", "colon_fence"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = "cardhouse"
exclude_patterns = ["_build"]
nitpicky = True
