"""Models and runs for other programs: ONNX for those that compute, TensorBoard for those that show.

What is needed for a format is an extra and is known in its module alone; whoever asks says what is missing.
Never: a screen, a step of training, a task by name.
"""
