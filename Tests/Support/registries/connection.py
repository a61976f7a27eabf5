# SPDX-License-Identifier: Apache-2.0
"""One connection to a scripted registry: requests in, answers out, faults between."""

import http.server
import os
import socket
import ssl
import struct
import time
import urllib.parse

from answer import Answer, refusal
from faults import AFTER, SIGNATURE

PIECE = 1 << 16


class Cut(Exception):
    """The connection ends here."""


class Connection(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 300

    # ---- The connection ------------------------------------------------------------------------------------------

    def setup(self):
        settings = self.server.world.settings
        if settings.context:
            self.request.settimeout(30)
            self.request = settings.context.wrap_socket(
                self.request, server_side=True, do_handshake_on_connect=False)
            try:
                self.request.do_handshake()
            except (ssl.SSLError, OSError) as error:
                self.let_alert_arrive()
                raise ConnectionError(str(error)) from error
        super().setup()

    def let_alert_arrive(self):
        """A close with bytes that nobody has read is a reset, which can overtake the alert that says why."""
        with socket.socket(fileno=self.request.detach()) as plain:
            try:
                plain.shutdown(socket.SHUT_WR)
                plain.settimeout(2)
                while plain.recv(PIECE):
                    pass
            except OSError:
                pass

    def handle(self):
        # A client that tries TLS where there is none: as other servers answer it, and not a request.
        if not self.server.world.settings.context:
            try:
                if self.connection.recv(1, socket.MSG_PEEK) == b"\x16":
                    self.connection.recv(PIECE)
                    self.wfile.write(b"HTTP/1.0 400 Bad Request\r\n\r\n")
                    return
            except OSError:
                return
        try:
            super().handle()
        except Cut:
            self.reset()
        except OSError:
            pass

    def reset(self):
        """Ends it as a machine does that has crashed and come back."""
        try:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            # Now, whoever else still holds the socket, and with no farewell of TLS.
            os.close(self.connection.detach())
        except OSError:
            pass

    def log_message(self, *_):
        pass

    def handle_expect_100(self):
        """Sent when the body is read, if it is."""
        self.expected = True
        return True

    # ---- Requests --------------------------------------------------------------------------------------------------

    def any(self):
        world = self.server.world
        path, _, text = self.path.partition("?")
        self.query = {name: values[0] for name, values in urllib.parse.parse_qs(text, keep_blank_values=True).items()}
        self.where = urllib.parse.unquote(path)
        self.unread = self.length()
        self.stop, self.stop_action = None, None
        self.entry = world.journal.begin(self.server.name, self.command, self.where, self.query, text, self.headers)
        fault = world.faults.meeting(self.entry)
        if fault and fault["do"] not in AFTER:
            answer = self.before(fault)
        else:
            answer = world.tokens.answer(self) if self.server.name == "tokens" else world.distribution.answer(self)
        self.finish_body()
        self.send(answer, fault if fault and fault["do"] in AFTER else {"do": ""})
        self.expected = False

    do_GET = do_HEAD = do_PUT = do_POST = do_PATCH = do_DELETE = any
    expected = leaves_unread = False

    def length(self):
        """Bytes of the body; None: it comes in chunks."""
        if "chunked" in (self.headers.get("Transfer-Encoding") or "").lower():
            return None
        return int(self.headers.get("Content-Length") or 0)

    def pieces(self):
        """The body as it comes."""
        if self.expected and self.unread != 0:
            self.expected = False
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        while self.unread is None:
            size = int(self.rfile.readline(64) or b"0", 16)
            if size == 0:
                self.rfile.readline(8)
                self.unread = 0
                return
            while size:
                piece = self.part(size)
                size -= len(piece)
                yield piece
            self.rfile.readline(8)
        while self.unread:
            piece = self.part(self.unread)
            self.unread -= len(piece)
            yield piece

    def part(self, most):
        if self.stop is not None:
            if self.stop == self.entry["received"]:
                self.stop_action()
            most = min(most, self.stop - self.entry["received"])
        piece = self.rfile.read1(min(most, PIECE))
        if not piece:
            raise Cut()
        self.entry["received"] += len(piece)
        return piece

    def body(self, limit=8 << 20):
        whole = b"".join(self.pieces())
        if len(whole) > limit:
            raise Cut()
        return whole

    def finish_body(self):
        """What nobody wanted: a little is read, so that the connection can go on; with much it ends."""
        if self.unread == 0:
            return
        if self.expected or self.unread is None or self.unread > PIECE:
            self.close_connection = self.leaves_unread = True
        else:
            for _ in self.pieces():
                pass

    def finish(self):
        """Who is still sending must not lose the answer to it: the end of a connection with something unread is abrupt."""
        if self.leaves_unread:
            try:
                self.connection.shutdown(socket.SHUT_WR)
                self.connection.settimeout(0.5)
                until = time.monotonic() + 0.5
                while time.monotonic() < until and self.connection.recv(PIECE):
                    pass
            except OSError:
                pass
        super().finish()

    # ---- Faults ----------------------------------------------------------------------------------------------------

    def before(self, fault):
        if fault["do"] == "redirect":
            return self.redirection(fault)
        after = fault.get("after", 0 if fault["do"] == "cut" else None)
        if fault["do"] in ("cut", "stall") and after and self.server.name != "tokens":
            # In the middle of what the registry would have done: it has what came so far.
            self.stop = after
            self.stop_action = (lambda: self.silence(fault)) if fault["do"] == "stall" else self.cut
            return self.server.world.distribution.answer(self, keeps=fault.get("keep", True))
        if after is None:
            for _ in self.pieces():
                pass
        else:
            pieces = self.pieces()
            while self.unread != 0 and self.entry["received"] < after:
                next(pieces)
        if fault["do"] == "cut":
            raise Cut()
        if fault["do"] == "stall":
            self.silence(fault)
        if fault["do"] == "babble":
            self.wfile.write(b"220 mail.example ESMTP\r\n\r\n")
            raise Cut()
        if fault["do"] == "endless":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n")
            while True:
                self.wfile.write(b" " * PIECE)
                self.entry["sent"] += PIECE
        if "code" in fault:
            answer = refusal(fault["status"], fault["code"])
        else:
            answer = Answer(fault.get("status", 200), fault.get("body", "").encode())
        answer.headers.update(fault.get("headers", {}))
        return answer

    def cut(self):
        raise Cut()

    def silence(self, fault):
        """Until the time is over or the other side is gone."""
        self.connection.settimeout(fault.get("seconds", 300))
        try:
            while self.connection.recv(PIECE):
                pass
        except OSError:
            pass
        raise Cut()

    def redirection(self, fault):
        to = fault.get("to", "other")
        if to in ("main", "other"):
            to = self.server.world.base(to) + self.path + ("&" if "?" in self.path else "?") + SIGNATURE
        elif to == "loop":
            to = self.server.world.base(self.server.name) + self.path
        return Answer(fault.get("status", 307), b"", {"Location": to})

    # ---- Answers ---------------------------------------------------------------------------------------------------

    def send(self, answer, fault):
        do, after = fault["do"], fault.get("after")
        if do in ("cut-answer", "stall-answer") and after is None:
            if do == "stall-answer":
                self.silence(fault)
            raise Cut()
        if do == "late":
            time.sleep(fault["seconds"])
        if do == "forget":
            self.server.world.distribution.forget(self.where)
        body, status, lies = answer.body, answer.status, {}
        if do == "lie":
            body = fault["body"].encode() if "body" in fault else body
            if fault.get("flip"):
                body = body[:-1] + bytes([body[-1] ^ 1])
            status, lies = fault.get("status", status), fault.get("headers", {})
        headers = {"Content-Length": str(answer.length(body))} | answer.headers | lies
        if self.server.world.settings["warning"]:
            headers["Warning"] = f'299 - "{self.server.world.settings["warning"]}"'
        if self.close_connection:
            headers["Connection"] = "close"
        self.entry["status"] = status
        self.send_response(status)
        for name, value in headers.items():
            if value is not None:
                self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD" or status in (204, 304):
            return
        if do in ("cut-answer", "stall-answer"):
            body = body[:after]
        for place in range(0, len(body), PIECE):
            self.wfile.write(body[place:place + PIECE])
            self.entry["sent"] += len(body[place:place + PIECE])
        if do == "stall-answer":
            self.silence(fault)
        if do == "cut-answer":
            # Not before the other side has what it was sent.
            time.sleep(0.02)
            raise Cut()
        if str(headers["Content-Length"]) != str(len(body)):
            self.close_connection = True
