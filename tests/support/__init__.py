"""What tests share: tiny data and runs, driven sessions, terminals, hostile input."""
