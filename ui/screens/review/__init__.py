"""Review (审核): the supervisor's bench."""
