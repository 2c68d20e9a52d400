"""Lead readiness: which leads are worth a call, what kind they are, and what to do now."""

__version__ = "0.1.0"
