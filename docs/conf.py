"""How the documentation is built: Sphinx, offline, a warning being an error."""

import sys
from importlib.metadata import version as installed_version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "Comarca"
author = "The Comarca developers"
copyright = "the Comarca developers, MIT licence"  # noqa: A001 - Sphinx's name for it
release = version = installed_version("comarca")
language = "en_GB"

extensions = ["sphinx.ext.autodoc", "numpydoc", "myst_parser", "mathml", "reference_pages"]
exclude_patterns = ["_build"]

myst_enable_extensions = ["amsmath", "attrs_inline", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3

autodoc_default_options = {"members": True, "ignore-module-all": True, "show-inheritance": True}
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
numpydoc_show_class_members = False
# No page asks for it, and it reads the generated ones before they are made anew.
autosummary_generate = False
# A docstring names its source below it; nothing in the text need point there.
suppress_warnings = ["ref.citation", "ref.footnote"]

html_theme = "furo"
html_title = f"Comarca {release}"
html_static_path = ["_static"]
html_css_files = ["comarca.css"]
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_math_renderer = "mathml"  # no script, and nothing fetched from elsewhere
