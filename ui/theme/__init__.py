"""Named tokens, the one style sheet made of them, bundled fonts and tinted icons."""
