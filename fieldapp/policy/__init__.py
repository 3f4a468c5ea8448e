"""Three-valued rules over facts and dated parameters, catalogue, matching."""
