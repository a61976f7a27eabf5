# SPDX-License-Identifier: Apache-2.0
"""How a scripted registry behaves when nothing goes wrong."""

import ssl

DEFAULTS = {
    # Whom URLs that it gives name: 127.0.0.1 or localhost.
    "name": "127.0.0.1",
    # Speaks TLS with CERTIFICATE.pem and CERTIFICATE.key; nothing: http.
    "certificate": "",
    # Wants certificates that this authority has signed.
    "clients": "",
    # none, basic, or token.
    "auth": "none",
    "user": "",
    "password": "",
    # Anybody may pull.
    "public": False,
    # What an identity token is worth; nothing: there are none.
    "identity": "",
    # Of a token: the name that it is answered under, how long it is good, after how many requests it is not (0: never).
    "token-name": "token",
    "token-seconds": 300,
    "token-uses": 0,
    "referrers": True,
    # Entries of a page of tags or referrers.
    "page": 1000,
    "mounts": True,
    "ranges": True,
    # `Location` headers of uploads without the scheme and host.
    "relative": False,
    # Bytes of a request's body that it takes (0: any number), and that it wants in a chunk at least.
    "largest": 0,
    "chunk-least": 0,
    # A `Warning: 299` with this text in every answer.
    "warning": "",
    # Bytes of blobs that there is room for (0: any number).
    "room": 0,
}


class Settings(dict):
    def __init__(self, given):
        super().__init__(DEFAULTS)
        self.change(given)
        self.context = None
        if self["certificate"]:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(f"{self['certificate']}.pem", f"{self['certificate']}.key")
            if self["clients"]:
                self.context.load_verify_locations(self["clients"])
                self.context.verify_mode = ssl.CERT_REQUIRED

    def change(self, given):
        for name, value in given.items():
            if name not in DEFAULTS:
                raise ValueError(f"there is no setting '{name}'")
            self[name] = value

    @property
    def scheme(self):
        return "https" if self.context else "http"
