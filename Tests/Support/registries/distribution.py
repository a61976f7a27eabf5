# SPDX-License-Identifier: Apache-2.0
"""The registry itself, in memory, after the distribution specification 1.1."""

import hashlib
import json
import re
import urllib.parse

from answer import Answer, refusal
from uploads import Uploads

NAME = r"(?P<name>[a-z0-9]+(?:[._/-]+[a-z0-9]+)*)"
ROUTES = [(re.compile(pattern + "$"), method) for pattern, method in (
    (r"/v2/", "ping"),
    (rf"/v2/{NAME}/blobs/uploads/", "uploads"),
    (rf"/v2/{NAME}/blobs/uploads/(?P<upload>[0-9a-f-]+)", "upload"),
    (rf"/v2/{NAME}/blobs/(?P<digest>[^/]+)", "blob"),
    (rf"/v2/{NAME}/manifests/(?P<reference>[^/]+)", "manifest"),
    (rf"/v2/{NAME}/tags/list", "tags"),
    (rf"/v2/{NAME}/referrers/(?P<digest>[^/]+)", "referrers"),
)]


def digest_of(data, algorithm="sha256"):
    return f"{algorithm}:{hashlib.new(algorithm, data).hexdigest()}"


class Repository:
    def __init__(self):
        # Blobs: digests, for the bytes are the registry's. Manifests: (media type, bytes) by digest. Tags: digests.
        self.blobs, self.manifests, self.tags = set(), {}, {}


class Distribution:
    def __init__(self, world):
        self.world, self.blobs, self.repositories = world, {}, {}
        self.uploads = Uploads(world, self)

    def answer(self, connection, keeps=True):
        for pattern, method in ROUTES:
            if found := pattern.match(connection.where):
                values = found.groupdict()
                action = "pull" if connection.command in ("GET", "HEAD") and method != "upload" else "push"
                if problem := self.world.tokens.problem(connection, values.get("name", ""), action):
                    return problem
                largest = self.world.settings["largest"]
                if largest and (connection.unread or 0) > largest:
                    return Answer(413, b"<html>Request Entity Too Large</html>", {"Content-Type": "text/html"})
                if method == "uploads":
                    return self.uploads.begin(connection, **values)
                if method == "upload":
                    return self.uploads.answer(connection, keeps, **values)
                return getattr(self, method)(connection, **values)
        return refusal(404, "NAME_UNKNOWN")

    def repository(self, name, made=False):
        with self.world.lock:
            if made:
                return self.repositories.setdefault(name, Repository())
            return self.repositories.get(name) or Repository()

    # ---- What clients ask ------------------------------------------------------------------------------------------

    def ping(self, _):
        return Answer(200, b"{}", {"Docker-Distribution-Api-Version": "registry/2.0"})

    def blob(self, connection, name, digest):
        repository = self.repository(name)
        if connection.command == "DELETE" and digest in repository.blobs:
            repository.blobs.discard(digest)
            return Answer(202)
        if digest not in repository.blobs:
            return refusal(404, "BLOB_UNKNOWN")
        data = self.blobs[digest]
        headers = {"Docker-Content-Digest": digest, "Content-Type": "application/octet-stream"}
        if not self.world.settings["ranges"]:
            return Answer(200, data, headers)
        headers["Accept-Ranges"] = "bytes"
        if asked := re.match(r"bytes=(\d+)-(\d*)$", connection.headers.get("Range", "")):
            first, last = int(asked[1]), min(int(asked[2] or len(data) - 1), len(data) - 1)
            if first > last:
                return Answer(416, b"", {"Content-Range": f"bytes */{len(data)}"})
            headers["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
            return Answer(206, data[first:last + 1], headers)
        return Answer(200, data, headers)

    def manifest(self, connection, name, reference):
        if connection.command == "PUT":
            return self.take_manifest(connection, name, reference)
        repository = self.repository(name)
        digest = repository.tags.get(reference, reference)
        if digest not in repository.manifests:
            return refusal(404, "MANIFEST_UNKNOWN")
        if connection.command == "DELETE":
            if reference in repository.tags:
                del repository.tags[reference]
            else:
                del repository.manifests[digest]
                repository.tags = {tag: value for tag, value in repository.tags.items() if value != digest}
            return Answer(202)
        media_type, data = repository.manifests[digest]
        return Answer(200, data, {"Docker-Content-Digest": digest, "Content-Type": media_type})

    def tags(self, connection, name):
        if name not in self.repositories:
            return refusal(404, "NAME_UNKNOWN")
        tags = sorted(self.repository(name).tags)
        size = min(int(connection.query.get("n", self.world.settings["page"])), self.world.settings["page"])
        rest = [tag for tag in tags if tag > connection.query.get("last", "")]
        headers = {"Content-Type": "application/json"}
        if len(rest) > size:
            headers["Link"] = f'</v2/{name}/tags/list?n={size}&last={rest[size - 1]}>; rel="next"'
        return Answer(200, json.dumps({"name": name, "tags": rest[:size]}).encode(), headers)

    def referrers(self, connection, name, digest):
        if not self.world.settings["referrers"]:
            return refusal(404, "NOT_FOUND")
        entries = []
        for own, (media_type, data) in sorted(self.repository(name).manifests.items()):
            manifest = json.loads(data)
            if (manifest.get("subject") or {}).get("digest") != digest:
                continue
            kind = manifest.get("artifactType") or manifest.get("config", {}).get("mediaType")
            entry = {"mediaType": media_type, "digest": own, "size": len(data), "artifactType": kind}
            if "annotations" in manifest:
                entry["annotations"] = manifest["annotations"]
            entries.append(entry)
        headers = {"Content-Type": "application/vnd.oci.image.index.v1+json"}
        if wanted := connection.query.get("artifactType"):
            entries = [entry for entry in entries if entry["artifactType"] == wanted]
            headers["OCI-Filters-Applied"] = "artifactType"
        first, size = int(connection.query.get("from", 0)), self.world.settings["page"]
        if len(entries) > first + size:
            query = {key: value for key, value in connection.query.items() if key != "from"} | {"from": first + size}
            headers["Link"] = f'</v2/{name}/referrers/{digest}?{urllib.parse.urlencode(query)}>; rel="next"'
        document = {"schemaVersion": 2, "mediaType": headers["Content-Type"], "manifests": entries[first:first + size]}
        return Answer(200, json.dumps(document).encode(), headers)

    def take_manifest(self, connection, name, reference):
        data = connection.body()
        digest = digest_of(data)
        if ":" in reference and reference != digest:
            return refusal(400, "DIGEST_INVALID")
        try:
            manifest = json.loads(data)
            needed = [item["digest"] for item in [manifest.get("config")] + manifest.get("layers", []) if item]
            children = [item["digest"] for item in manifest.get("manifests", [])]
        except (ValueError, KeyError, TypeError, AttributeError):
            return refusal(400, "MANIFEST_INVALID")
        if connection.headers.get("Content-Type") != manifest.get("mediaType", connection.headers.get("Content-Type")):
            return refusal(400, "MANIFEST_INVALID", "media type does not match")
        repository = self.repository(name, made=True)
        for missing in [item for item in needed if item not in repository.blobs] + [
                item for item in children if item not in repository.manifests]:
            return refusal(400, "MANIFEST_BLOB_UNKNOWN", f"blob unknown to registry: {missing}")
        self.put_manifest(name, reference, data, connection.headers.get("Content-Type"))
        headers = {"Location": f"/v2/{name}/manifests/{digest}", "Docker-Content-Digest": digest}
        if manifest.get("subject") and self.world.settings["referrers"]:
            headers["OCI-Subject"] = manifest["subject"]["digest"]
        return Answer(201, b"", headers)

    # ---- What is there ---------------------------------------------------------------------------------------------

    def put_blob(self, name, data, digest=None):
        digest = digest or digest_of(data)
        with self.world.lock:
            self.blobs[digest] = bytes(data)
            self.repository(name, made=True).blobs.add(digest)
        return digest

    def put_manifest(self, name, reference, data, media_type=None):
        with self.world.lock:
            repository = self.repository(name, made=True)
            digest = digest_of(data)
            media_type = media_type or json.loads(data).get("mediaType", "application/vnd.oci.image.manifest.v1+json")
            repository.manifests[digest] = (media_type, data)
            if ":" not in reference:
                repository.tags[reference] = digest

    def held(self):
        """Bytes of all blobs."""
        with self.world.lock:
            return sum(map(len, self.blobs.values()))

    def lose(self, name, digest):
        with self.world.lock:
            for own, repository in self.repositories.items():
                if name in (None, own):
                    repository.blobs.discard(digest)
                    repository.manifests.pop(digest, None)

    def forget(self, path):
        """Forgets what a request's path names."""
        place = path.rsplit("/", 1)[1]
        self.uploads.sessions.pop(place, None)
        if found := re.match(rf"/v2/{NAME}/(blobs|manifests)/([^/]+)$", path):
            repository = self.repository(found["name"])
            self.lose(found["name"], repository.tags.pop(place, place))

    def document(self):
        with self.world.lock:
            repositories = {
                name: {"blobs": sorted(one.blobs), "tags": dict(one.tags),
                       "manifests": {digest: {"mediaType": kind, "text": data.decode("utf-8", "replace")}
                                     for digest, (kind, data) in one.manifests.items()}}
                for name, one in self.repositories.items()}
            return {"repositories": repositories, "blobs": {digest: len(data) for digest, data in self.blobs.items()},
                    "uploads": {key: len(one.data) for key, one in self.uploads.sessions.items()}}
