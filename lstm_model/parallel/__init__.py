"""A batch in shards, a core for each: the owner, the helpers, the memory they share, and BLAS held to one thread."""
