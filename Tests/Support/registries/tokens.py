# SPDX-License-Identifier: Apache-2.0
"""Who may do what at a scripted registry, and its token server."""

import base64
import json
import os
import time
import urllib.parse

from answer import Answer, refusal


class Tokens:
    def __init__(self, world):
        self.world, self.given = world, {}

    # ---- The registry's side ---------------------------------------------------------------------------------------

    def challenge(self, repository, actions, error=None):
        """What to answer to somebody who may not."""
        settings = self.world.settings
        if settings["auth"] == "basic":
            value = 'Basic realm="scripted, with a comma"'
        else:
            value = f'Bearer realm="{self.world.base("tokens")}/token",service="scripted registry"'
            if repository:
                value += f',scope="repository:{repository}:{actions}"'
            if error:
                value += f',error="{error}"'
        return refusal(401, "UNAUTHORIZED", "authentication required", {"WWW-Authenticate": value})

    def problem(self, connection, repository, action):
        """None if this request may do `action` (pull, push) in the repository; else the answer."""
        settings = self.world.settings
        if settings["auth"] == "none" or connection.server.name == "other":
            return None
        given = connection.headers.get("Authorization", "")
        actions = "pull" if action == "pull" else "pull,push"
        if settings["auth"] == "basic":
            if given == self.right() or (settings["public"] and action == "pull" and not given):
                return None
            return self.challenge(repository, actions)
        with self.world.lock:
            token = self.given.get(given.removeprefix("Bearer "))
            if token is None or not given.startswith("Bearer "):
                return self.challenge(repository, actions)
            if token["until"] < time.monotonic() or token["uses"] == 0:
                return self.challenge(repository, actions, "invalid_token")
            if repository and action not in token["scopes"].get(repository, ()):
                return self.challenge(repository, actions, "insufficient_scope")
            token["uses"] -= 1
        return None

    def reads(self, connection, repository):
        """Whether it may pull of a second repository, too: a mount's. Costs the token nothing."""
        if self.world.settings["auth"] != "token":
            return True
        token = self.given.get(connection.headers.get("Authorization", "").removeprefix("Bearer "))
        return token is not None and "pull" in token["scopes"].get(repository, ())

    def right(self):
        settings = self.world.settings
        return "Basic " + base64.b64encode(f"{settings['user']}:{settings['password']}".encode()).decode()

    # ---- The token server ------------------------------------------------------------------------------------------

    def answer(self, connection):
        settings = self.world.settings
        if connection.where != "/token" or connection.command not in ("GET", "POST"):
            return Answer(404)
        given = connection.headers.get("Authorization")
        query = urllib.parse.urlsplit(connection.path).query
        known = False
        if connection.command == "POST":
            query = connection.body().decode()
            form = dict(urllib.parse.parse_qsl(query))
            if form.get("grant_type") == "refresh_token":
                known = bool(settings["identity"]) and form.get("refresh_token") == settings["identity"]
            elif form.get("grant_type") == "password":
                known = (form.get("username"), form.get("password")) == (settings["user"], settings["password"])
            if not known:
                return refusal(401, "UNAUTHORIZED", "wrong grant")
        elif given is not None:
            if given != self.right():
                return refusal(401, "UNAUTHORIZED", "wrong password")
            known = True
        scopes = {}
        for text in urllib.parse.parse_qs(query).get("scope", []):
            for scope in text.split():
                kind, name, actions = scope.split(":")
                granted = [action for action in actions.split(",") if known or (settings["public"] and action == "pull")]
                if kind == "repository":
                    scopes.setdefault(name, set()).update(granted)
        return self.issue(scopes)

    def issue(self, scopes):
        settings = self.world.settings
        token = base64.b64encode(os.urandom(24)).decode()
        with self.world.lock:
            self.given[token] = {
                "until": time.monotonic() + settings["token-seconds"], "uses": settings["token-uses"] or -1,
                "scopes": scopes}
        body = {settings["token-name"]: token, "expires_in": settings["token-seconds"]}
        return Answer(200, json.dumps(body).encode(), {"Content-Type": "application/json"})
