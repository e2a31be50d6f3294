"""What a person does with saved runs: names, notes and stars, the trash, pruning, and the disk they take.

Never: what stands in a checkpoint. All of it is kept beside the checkpoints, which stay as they are to the byte.
"""
