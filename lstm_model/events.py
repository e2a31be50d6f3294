"""What happens in a run, as plain facts for whoever shows it. What can happen in every run is in runs/events.py."""


class Event:
    """The base of all events: frozen dataclasses. Those of one task alone lie in that task's folder."""
