"""The programmes, one file each: ``RULES`` (ids, words, clauses, versions) and functions from Case to Step."""
