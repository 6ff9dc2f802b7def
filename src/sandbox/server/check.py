"""Prints, as JSON, what this Python has of what the local AWS needs.

Runs on any Python 3, so that an old one can be told apart from a missing package.
"""

import json
import re
import sys


def missing_packages(metadata):
    """Those that moto's extra "server" asks for and that are not installed."""
    missing = []
    for line in metadata.requires("moto") or []:
        requirement, _, marker = line.partition(";")
        if re.search(r"extra == ['\"]server['\"]", marker):
            name = re.split(r"[\s\[<>=!~(]", requirement.strip())[0]
            try:
                metadata.version(name)
            except metadata.PackageNotFoundError:
                missing.append(name)
    return missing


def main():
    found = {"python": list(sys.version_info[:2]), "moto": None, "missing": []}
    try:
        from importlib import metadata

        found["moto"] = metadata.version("moto")
        found["missing"] = missing_packages(metadata)
    except ImportError:  # an old Python, or no moto: PackageNotFoundError is one of these
        pass
    print(json.dumps(found))


main()
