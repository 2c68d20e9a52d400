"""The page on which one lead is typed in and its assessment read, so that people believe it first."""
