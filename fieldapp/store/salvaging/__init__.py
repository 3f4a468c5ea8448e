"""What can still be read of a damaged store: page by page, without trusting any structure above the rows."""
