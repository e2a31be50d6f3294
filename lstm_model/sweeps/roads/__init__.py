"""How trials get to where they are trained: processes of this machine, or of many. No sweep is known here."""
