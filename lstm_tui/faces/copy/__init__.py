"""The face of the copy task: a sequence step by step, and recall at longer gaps."""
