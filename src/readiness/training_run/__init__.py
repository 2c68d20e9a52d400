"""Training: learn, judge, and refit for use; moves no alias."""

from readiness.training_run.run import train
from readiness.training_run.settings import TrainingRun, TrainingSettings

__all__ = ["TrainingRun", "TrainingSettings", "train"]
