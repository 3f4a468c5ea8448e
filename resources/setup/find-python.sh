#!/bin/sh
# Prints the first Python of at least 3.11. A name on the PATH may be a shim that does not run, so each is asked.
for name in python3 python3.13 python3.12 python3.11 python3.14 python; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        command -v "$name"
        exit 0
    fi
done
echo "Python 3.11 or newer was not found. Install it (Debian 12: apt-get install python3), or name one:" >&2
echo "    make PYTHON=/path/to/python3.11 setup" >&2
exit 1
