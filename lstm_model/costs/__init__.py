"""What a run will need, from its settings alone: parameters, memory, speed, cores.

Never: data, weights, or anything that was trained.
"""
