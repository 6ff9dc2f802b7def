"""Plays what runs on the instances: the scheduler of ECS, its tasks, and their containers."""
