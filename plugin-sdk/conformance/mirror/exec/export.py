#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The mirror for the exec bridge: writes the job of the request as JSON."""
import json
import os
import sys

request = json.load(sys.stdin)
job = request["job"]
options = {option["id"]: option["value"] for option in job["options"]}
name = job["output_name"] or "mirror.json"
if options["refuse"]:
    error = {"message": options["refuse"], "hint": "leave it out", "subject_kind": "option", "subject": "refuse"}
    json.dump({"error": error}, sys.stdout)
    sys.exit(100)
if request["phase"] == "run":
    if options["panic"]:
        raise RuntimeError("boom")
    with open(os.path.join(request["out_dir"], name), "w", encoding="utf-8") as file:
        json.dump(job, file, indent=2, ensure_ascii=False)
        file.write("\n")
json.dump({"artifacts": [{"path": name, "kind": "mirror", "media_type": "application/json"}]}, sys.stdout)
