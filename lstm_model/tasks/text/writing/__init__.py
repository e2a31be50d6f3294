"""What a model writes: its prompt, a sample, and the file of all samples of a run."""
