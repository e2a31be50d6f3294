"""The widgets: each draws plain data and knows no trainer."""
