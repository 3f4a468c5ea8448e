"""Taking revisions in: check each alone, judge it in its context, commit the batch."""
