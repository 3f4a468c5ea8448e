"""Makes a checkout ready to run: environment, locked packages, system libraries (standard library only)."""
