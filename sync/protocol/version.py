"""The wire version and what each bump meant.

Version 1: enrolment by one-time secret; tokens by a signed challenge; push with one verdict per item; pull of all
areas in one request; blobs in their own lane; scopes acknowledged; control documents with rising versions; a restored
server asks for what it lacks before it serves.
"""

from __future__ import annotations

PROTOCOL = 1
OLDEST = 1
"""The oldest client version a server of this version still serves."""
