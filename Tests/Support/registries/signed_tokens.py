# SPDX-License-Identifier: Apache-2.0
"""A token server as docker-registry wants it: JSON web tokens, signed with a key whose certificate it believes."""

import base64
import hashlib
import http.server
import json
import os
import subprocess
import threading
import time
import urllib.parse


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class TokenServer:
    """Lets the user do all that is asked, and anybody pull. `address` is the realm."""

    def __init__(self, key, user, password):
        self.key, self.issuer, self.service = key, "bio tests", "bio registry"
        self.right = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        self.listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Asked)
        self.listener.tokens = self
        self.address = f"http://127.0.0.1:{self.listener.server_port}/token"
        threading.Thread(target=self.listener.serve_forever, daemon=True).start()

    def sign(self, message):
        """ES256: the two numbers of the signature, 32 bytes each."""
        der = subprocess.run(["openssl", "dgst", "-sha256", "-sign", f"{self.key}.key"], input=message, check=True,
                             stdout=subprocess.PIPE).stdout
        numbers, place = b"", 2
        for _ in range(2):
            length = der[place + 1]
            number = int.from_bytes(der[place + 2:place + 2 + length], "big")
            numbers += number.to_bytes(32, "big")
            place += 2 + length
        return numbers

    def token(self, subject, access):
        with open(f"{self.key}.pem", encoding="ascii") as file:
            certificate = "".join(line.strip() for line in file if "-----" not in line)
        now = int(time.time())
        header = {"typ": "JWT", "alg": "ES256", "x5c": [certificate]}
        claims = {"iss": self.issuer, "sub": subject, "aud": self.service, "exp": now + 300, "nbf": now - 10,
                  "iat": now, "jti": hashlib.sha256(os.urandom(16)).hexdigest(), "access": access}
        message = ".".join(encoded(json.dumps(part).encode()) for part in (header, claims))
        return f"{message}.{encoded(self.sign(message.encode()))}"


class Asked(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        tokens = self.server.tokens
        given = self.headers.get("Authorization")
        if given is not None and given != tokens.right:
            return self.reply(401, {"errors": [{"code": "UNAUTHORIZED", "message": "wrong password"}]})
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        access = []
        for scope in " ".join(query.get("scope", [])).split():
            kind, name, actions = scope.split(":")
            allowed = [action for action in actions.split(",") if given or action == "pull"]
            access.append({"type": kind, "name": name, "actions": allowed})
        self.reply(200, {"token": tokens.token("tester" if given else "", access), "expires_in": 300})

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.reply(404, {"errors": [{"code": "UNSUPPORTED", "message": "no OAuth2 here"}]})

    def reply(self, status, document):
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
