"""All handling of passphrases and keys of a profile."""
