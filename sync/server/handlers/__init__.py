"""What the server does with each message; no framework, no HTTP."""
