# SPDX-License-Identifier: Apache-2.0
"""What a scripted registry was asked, in the order in which requests began."""

import re
import threading

KINDS = [
    ("GET", r"^/v2/$", "ping"),
    (None, r"^/token$", "token"),
    ("HEAD", r"/manifests/[^/]+$", "manifest-head"),
    ("GET", r"/manifests/[^/]+$", "manifest-get"),
    ("PUT", r"/manifests/[^/]+$", "manifest-put"),
    ("DELETE", r"/manifests/[^/]+$", "manifest-delete"),
    ("GET", r"/blobs/uploads/[^/]+$", "upload-status"),
    ("PATCH", r"/blobs/uploads/[^/]+$", "upload-patch"),
    ("PUT", r"/blobs/uploads/[^/]+$", "upload-put"),
    ("DELETE", r"/blobs/uploads/[^/]+$", "upload-delete"),
    ("HEAD", r"/blobs/[^/]+$", "blob-head"),
    ("GET", r"/blobs/[^/]+$", "blob-get"),
    ("GET", r"/tags/list$", "tags"),
    ("GET", r"/referrers/[^/]+$", "referrers"),
]


def kind(method, path, query):
    if method == "POST" and path.endswith("/blobs/uploads/"):
        return "mount" if "mount" in query else "upload-start"
    for known, pattern, name in KINDS:
        if known in (None, method) and re.search(pattern, path):
            return name
    return "unknown"


class Journal:
    def __init__(self):
        self.lock = threading.Lock()
        self.entries = []

    def begin(self, listener, method, path, query, text, headers):
        """`received` and `sent` are bytes of bodies as they went over the wire, grown as they do; `status` is 0 until
        there is one."""
        entry = {
            "listener": listener, "method": method, "path": path, "query": text, "kind": kind(method, path, query),
            "headers": {name.lower(): value for name, value in headers.items()}, "status": 0, "received": 0, "sent": 0,
        }
        with self.lock:
            self.entries.append(entry)
        return entry

    def forget(self):
        with self.lock:
            self.entries = []

    def document(self):
        with self.lock:
            return [dict(entry) for entry in self.entries]
