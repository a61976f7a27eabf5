#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""judge.py APPLICATION

Says what Marathon would not take of an application, one line each, and ends with 1 then: its documented schema
(marathon-app.schema.json), and the rules that its validation adds.
"""

import json
import os
import re
import sys

import jsonschema


def unique(pairs):
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        raise ValueError(f"a key is there twice: {keys}")
    return dict(pairs)


with open(sys.argv[1], encoding="utf-8") as file:
    application = json.load(file, object_pairs_hook=unique)
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "marathon-app.schema.json"), encoding="utf-8") as file:
    schema = json.load(file)
jsonschema.Draft202012Validator.check_schema(schema)
wrong = [f"{'/'.join(map(str, error.path))}: {error.message}"
         for error in jsonschema.Draft202012Validator(schema).iter_errors(application)]

mode = application["networks"][0]["mode"]
ports = application.get("portDefinitions") or application.get("container", {}).get("portMappings") or []
for key in ["name", "port" if mode == "host" else "containerPort"]:
    values = [port[key] for port in ports]
    if len(set(values)) != len(values):
        wrong.append(f"{key}: not unique")
if application["id"].rsplit("/", 1)[-1] in ("restart", "tasks", "versions"):
    wrong.append("id: ends in a word that is reserved")
for uri in application.get("uris", []):
    # A placeholder is for its reader to replace.
    if not uri.startswith("URL_TO_"):
        if re.search(r"[\\'\0]", uri) or not re.match(r"[a-z0-9]+://[^/]*/.", uri):
            wrong.append("uris: Mesos refuses it")
    if not re.search(r"\.(tar|tgz|tar\.gz|tbz2|tar\.bz2|txz|tar\.xz|zip)$", uri):
        wrong.append("uris: Mesos does not unpack it")
for check in application.get("healthChecks", []):
    if check["portIndex"] >= len(ports):
        wrong.append("healthChecks: portIndex is of no port")
if mode == "host" and "portMappings" in application.get("container", {}):
    wrong.append("container: port mappings need a network of their own")
if mode != "host" and ("portDefinitions" in application or "requirePorts" in application):
    wrong.append("portDefinitions and requirePorts are for the host's network")
print("\n".join(wrong), end="\n" if wrong else "")
sys.exit(1 if wrong else 0)
