"""The scoring service: one lead or a file of them, answered over HTTP."""
