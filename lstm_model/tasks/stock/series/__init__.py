"""A price series once its file is read: its columns, calendar, parts, scale and windows. No file format, no network."""
