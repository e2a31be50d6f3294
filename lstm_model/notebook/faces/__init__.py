"""What a model of each task can be asked in a notebook: one module for each task that has something of its own.

A task's kind names its class (`TaskKind.notebook`). Never: what holds for all tasks.
"""
