# SPDX-License-Identifier: Apache-2.0
"""Blobs on their way into a scripted registry."""

import re
import secrets
import uuid

from answer import Answer, refusal


class Session:
    def __init__(self, name):
        self.name, self.data = name, bytearray()
        # Every answer gives another one; that an old one is used again is allowed, that one is made up is not.
        self.states = set()

    def state(self):
        state = secrets.token_urlsafe(12)
        self.states.add(state)
        return state


class Uploads:
    def __init__(self, world, distribution):
        self.world, self.distribution, self.sessions = world, distribution, {}

    def begin(self, connection, name):
        digest, source = connection.query.get("mount"), connection.query.get("from")
        if digest and self.mounts(connection, name, digest, source):
            return self.created(name, digest)
        if whole := connection.query.get("digest"):
            return self.finish(Session(name), None, whole, connection, True)
        key = str(uuid.uuid4())
        session = Session(name)
        with self.world.lock:
            self.sessions[key] = session
        answer = self.accepted(key, session)
        if self.world.settings["chunk-least"]:
            answer.headers["OCI-Chunk-Min-Length"] = str(self.world.settings["chunk-least"])
        return answer

    def mounts(self, connection, name, digest, source):
        if not self.world.settings["mounts"] or not source or not self.world.tokens.reads(connection, source):
            return False
        with self.world.lock:
            if digest not in self.distribution.repository(source).blobs:
                return False
            self.distribution.repository(name, made=True).blobs.add(digest)
        return True

    def answer(self, connection, keeps, name, upload):
        session = self.sessions.get(upload)
        if session is None or session.name != name or connection.query.get("_state") not in session.states:
            return refusal(404, "BLOB_UPLOAD_UNKNOWN")
        match connection.command:
            case "GET":
                answer = self.accepted(upload, session)
                answer.status = 204
                return answer
            case "DELETE":
                del self.sessions[upload]
                return Answer(204)
            case "PATCH":
                return self.take(upload, session, connection, keeps) or self.accepted(upload, session)
            case "PUT":
                if "digest" not in connection.query:
                    return refusal(400, "DIGEST_INVALID")
                return self.finish(session, upload, connection.query["digest"], connection, keeps)
        return refusal(405, "UNSUPPORTED")

    def take(self, key, session, connection, keeps):
        """Appends the request's body; an answer if that cannot be done. What came before a connection ended stays."""
        had = len(session.data)
        if given := connection.headers.get("Content-Range"):
            found = re.match(r"(\d+)-(\d+)$", given)
            if not found or int(found[1]) != had:
                answer = self.accepted(key, session)
                answer.status = 416
                return answer
        room, complete = self.world.settings["room"], False
        try:
            for piece in connection.pieces():
                if room and self.distribution.held() + len(session.data) + len(piece) > room:
                    del session.data[had:]
                    return refusal(507, "UNKNOWN", "no space left on device")
                session.data += piece
            complete = True
        finally:
            if not complete and not keeps:
                del session.data[had:]
        return None

    def finish(self, session, key, digest, connection, keeps):
        if problem := self.take(key, session, connection, keeps):
            return problem
        algorithm = digest.partition(":")[0]
        from distribution import digest_of
        if algorithm not in ("sha256", "sha512") or digest_of(session.data, algorithm) != digest:
            self.sessions.pop(key, None)
            return refusal(400, "DIGEST_INVALID", "provided digest did not match uploaded content")
        self.distribution.put_blob(session.name, session.data, digest)
        self.sessions.pop(key, None)
        return self.created(session.name, digest)

    def accepted(self, key, session):
        base = "" if self.world.settings["relative"] else self.world.base("main")
        return Answer(202, b"", {
            "Location": f"{base}/v2/{session.name}/blobs/uploads/{key}?_state={session.state()}",
            "Range": f"0-{max(0, len(session.data) - 1)}", "Docker-Upload-UUID": key})

    def created(self, name, digest):
        base = "" if self.world.settings["relative"] else self.world.base("main")
        return Answer(201, b"", {"Location": f"{base}/v2/{name}/blobs/{digest}", "Docker-Content-Digest": digest})
