"""One module for each view. A view knows no other; what several need stands one floor down."""
