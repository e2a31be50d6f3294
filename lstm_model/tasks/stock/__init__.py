"""Regression: from some days of prices the price some days on."""
