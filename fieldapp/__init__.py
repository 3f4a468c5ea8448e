"""The domain of the field survey: records, store, policy, workflows, reports."""
