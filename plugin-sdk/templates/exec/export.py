#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The format @FORMAT@: the packages of an export, one a line, under a heading.

bio runs this program three times for an export, with the phases validate, plan and run. The request is JSON on standard
input, the answer JSON on standard output; what goes to standard error is shown to the user.
"""
import json
import os
import sys


def refuse(message, hint, option):
    """Ends the export: an exit code from 1 to 13 is a code of bio_export.h, here BIO_E_INVALID."""
    error = {"message": message, "hint": hint, "subject_kind": "option", "subject": option}
    json.dump({"error": error}, sys.stdout)
    sys.exit(2)


def main():
    request = json.load(sys.stdin)
    job = request["job"]
    options = {option["id"]: option["value"] for option in job["options"]}
    name = job["output_name"] or "@NAME@.txt"
    if "\n" in options["heading"]:
        refuse("the heading has more than one line", "leave the newline out", "heading")
    if request["phase"] == "run":
        with open(os.path.join(request["out_dir"], name), "w", encoding="utf-8") as file:
            print(options["heading"], file=file)
            for package in job["packages"]:
                print(package["ident"], file=file)
    # The plan names what the run will make.
    json.dump({"artifacts": [{"path": name, "kind": "package-list", "media_type": "text/plain"}]}, sys.stdout)


main()
