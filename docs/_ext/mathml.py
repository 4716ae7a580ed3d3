"""
Formulas as MathML, which every browser draws by itself.

Sphinx's usual way loads a script from elsewhere; the documentation must work without a network.
"""

from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx


def inline_formula(translator: Any, node: nodes.math) -> None:
    """Write a formula within a line of text."""
    translator.body.append(convert(node.astext(), display="inline"))
    raise nodes.SkipNode


def display_formula(translator: Any, node: nodes.math_block) -> None:
    """Write a formula on a line of its own, with its label as the anchor."""
    anchor = f' id="{node["ids"][0]}"' if node.get("ids") else ""
    formula = convert(node.astext(), display="block")
    translator.body.append(f'<div class="math"{anchor}>{formula}</div>\n')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Tell Sphinx."""
    app.add_html_math_renderer("mathml", (inline_formula, None), (display_formula, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
