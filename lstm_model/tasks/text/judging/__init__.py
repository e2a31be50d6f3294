"""Is a model of text any good? Counting models, compressors, copies, and the verdict."""
