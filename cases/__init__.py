"""Case files, the audits that grade them, and the figures counted from those grades."""
