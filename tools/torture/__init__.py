"""Torture of the real program, from seeds that can be replayed: a module for each part, and one table at the end.

    python -m tools.torture --hours 1                        all parts, each for its share of the time
    python -m tools.torture kills --seeds 1-20               one part, for some seeds
    python -m tools.torture mutations --minutes 10           one part, for a time
    python -m tools.torture ends --seeds 17                  what a finding's row says: that seed again

Each part has `one(seed, folder, asked)`: it does what the seed says in an empty folder, counts what it tried, and
raises what it found. Parts share their code with the tests, in tests/support; the quick suite does a little of each.
"""
