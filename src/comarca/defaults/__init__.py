"""Dated, sourced numbers from the world: data only, read by :mod:`comarca.model.parameters`."""
