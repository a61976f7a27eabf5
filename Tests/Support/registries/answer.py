# SPDX-License-Identifier: Apache-2.0
"""What a scripted registry answers."""

import json


class Answer:
    def __init__(self, status, body=b"", headers=None, size=None):
        self.status, self.body, self.headers, self.size = status, body, dict(headers or {}), size

    def length(self, body):
        """What it says that its body has: of a HEAD, what a GET would have."""
        return len(body) if self.size is None else self.size


def refusal(status, code, message=None, headers=None):
    document = {"errors": [{"code": code, "message": message or code.lower().replace("_", " "), "detail": {}}]}
    return Answer(status, json.dumps(document).encode(), {"Content-Type": "application/json"} | (headers or {}))
