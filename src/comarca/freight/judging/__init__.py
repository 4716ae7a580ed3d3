"""The rules by which freight plans are judged, a room for each kind; nothing of the solver."""
