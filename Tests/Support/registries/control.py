# SPDX-License-Identifier: Apache-2.0
"""How a test tells a scripted registry what to do, and asks what was done: http over a socket.

  GET /state                          requests, how often each fault was met, and what is there
  DELETE /requests                    forgets what was asked so far
  PUT /faults                         a JSON array of faults, instead of those before
  PUT /settings                       a JSON object of settings that change
  PUT /blob?repository=R              the body becomes a blob
  PUT /manifest?repository=R&name=N   the body becomes a manifest, under its digest and the tag N
  DELETE /blob?repository=R&digest=D  a blob is gone from one repository; without R from all
"""

import http.server
import json
import urllib.parse


class Control(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def address_string(self):
        return "control"

    def log_message(self, *_):
        pass

    def any(self):
        world = self.server.world
        address = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(address.query))
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        answer = {}
        try:
            match self.command, address.path:
                case "GET", "/state":
                    answer = {"requests": world.journal.document(), "met": world.faults.document(),
                              **world.distribution.document()}
                case "DELETE", "/requests":
                    world.journal.forget()
                case "PUT", "/faults":
                    world.faults.replace(json.loads(body))
                case "PUT", "/settings":
                    world.settings.change(json.loads(body))
                case "PUT", "/blob":
                    world.distribution.put_blob(query["repository"], body)
                case "PUT", "/manifest":
                    world.distribution.put_manifest(query["repository"], query["name"], body)
                case "DELETE", "/blob":
                    world.distribution.lose(query.get("repository"), query["digest"])
                case _:
                    raise ValueError(f"no such order: {self.command} {address.path}")
            status = 200
        except (ValueError, KeyError) as error:
            status, answer = 400, {"problem": str(error)}
        text = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_PUT = do_DELETE = any
