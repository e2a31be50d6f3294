"""The charts of the screen: a picture that keys zoom and move, and the losses of a run. plotext is not known here."""
