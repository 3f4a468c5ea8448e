"""The encrypted store: vault, connections, revisions, projections, search, blobs."""
