# SPDX-License-Identifier: Apache-2.0
"""What goes wrong, and when.

A fault is a JSON object. It is met by requests that it describes, each time but the first `skip`, `times` times (1; 0: always):

  kind      as the journal has it (`blob-get`); any if not given
  path      a regular expression found in path and query
  listener  main (if not given), other or tokens

and does one thing to a request (`do`):

  answer    `status`, `headers`, `body` (text) or `code` (an error as registries word it), after `after` bytes of the
            request's body: all if not given; with 0 bytes and a body that was not read the connection ends
  cut       ends the connection after `after` bytes of the request's body (0); what came of an upload is kept, unless
            `keep` is false
  stall     is silent after `after` bytes of the request's body (all if not given), for `seconds` (for ever)
  babble    answers what is no HTTP
  endless   answers 200 and a body without an end
  redirect  `status` (307) with the Location `to`: main or other (the same path and query there, and a `signature` that
            is a secret), loop (itself), or text
or to the answer that would have been given, when the request has had its effect:

  late      after `seconds`
  cut-answer, stall-answer   after `after` bytes of its body; before its head if not given
  lie       with other `headers` (null: without), `status`, `body`, or, with `flip`, another last byte; HEAD too
  forget    and what the path names is gone: the upload, the blob of this repository, the manifest
"""

import re
import threading

SIGNATURE = "signature=signed-for-one-hour"
BEFORE = {"answer", "cut", "stall", "babble", "endless", "redirect"}
AFTER = {"late", "cut-answer", "stall-answer", "lie", "forget"}
KNOWN = {"kind", "path", "listener", "skip", "times", "do", "status", "headers", "body", "code", "after", "keep", "seconds",
         "to", "flip"}


class Faults:
    def __init__(self):
        self.lock = threading.Lock()
        self.rules = []

    def replace(self, rules):
        for rule in rules:
            if rule["do"] not in BEFORE | AFTER or set(rule) - KNOWN:
                raise ValueError(f"no such fault: {rule}")
        with self.lock:
            self.rules = [dict(rule, met=0) for rule in rules]

    def meeting(self, entry):
        """The fault that this request meets, if any."""
        with self.lock:
            for rule in self.rules:
                if rule.get("listener", "main") != entry["listener"] or rule.get("kind", entry["kind"]) != entry["kind"]:
                    continue
                if not re.search(rule.get("path", ""), entry["path"] + "?" + entry["query"]):
                    continue
                skip, times = rule.get("skip", 0), rule.get("times", 1)
                if times and rule["met"] >= skip + times:
                    continue
                rule["met"] += 1
                if rule["met"] > skip:
                    return rule
        return None

    def document(self):
        """How often each was met, the skipped included."""
        with self.lock:
            return [rule["met"] for rule in self.rules]
