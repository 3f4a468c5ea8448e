"""Runs recorded cases of other engines against this one."""
