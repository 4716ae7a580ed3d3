"""The map of ``comarca.model`` names every module it holds."""

import pkgutil
import re

import comarca.model


def test_every_module_stands_in_the_packages_own_map():
    modules = {module.name for module in pkgutil.iter_modules(comarca.model.__path__)}

    assert set(re.findall(r"``(\w+)``", comarca.model.__doc__ or "")) == modules
