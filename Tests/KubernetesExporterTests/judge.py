#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads a stream of Kubernetes objects, as others read it.

    judge.py json FILE         the objects as one JSON list
    judge.py validate FILE     against Kubernetes' own schemas, strictly: the oldest and the newest there are
    judge.py check FILE        what an API server or a kubelet would refuse, and what points nowhere

The last two print one line for each thing that is wrong, and end with 1 then.
"""

import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../../build/platforms"))

import kubernetes_validate  # noqa: E402
import yaml  # noqa: E402

LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
SERVICE = re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?")
PORT = re.compile(r"(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*")
LABEL_VALUE = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?")


QUANTITY = re.compile(r"(?!0+(\.0*)?\D*$)[0-9]+(\.[0-9]+)?(m|k|M|G|T|P|E|[KMGTPE]i|[eE][0-9]+)?")
GOSSIP = 9638


class Loader(yaml.SafeLoader):
    """Refuses what PyYAML lets pass: a key that is there twice."""

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} is there twice", node.start_mark)
        return super().construct_mapping(node, deep)


def validate(objects):
    """Failures of the schemas."""
    folder = os.path.join(os.path.dirname(kubernetes_validate.__file__), "kubernetes-json-schema")
    versions = sorted({tuple(map(int, name[1:].split("-")[0].split("."))) for name in os.listdir(folder)})
    for version in (versions[0], versions[-1]):
        text = ".".join(map(str, version[:2]))
        for item in objects:
            try:
                kubernetes_validate.validate(item, text, strict=True)
            except Exception as error:  # noqa: BLE001: whatever it says
                yield f"{text}: {item.get('kind')}: {error}"


def check(objects):
    """What points nowhere, or is named as nothing can be."""
    seen = set()
    for item in objects:
        kind, name = item["kind"], item["metadata"]["name"]
        if (kind, name) in seen:
            yield f"{kind} {name} is there twice"
        seen.add((kind, name))
        if not (SERVICE if kind == "Service" else LABEL).fullmatch(name):
            yield f"{kind} cannot be called {name!r}"
        for value in item["metadata"].get("labels", {}).values():
            if not isinstance(value, str) or not LABEL_VALUE.fullmatch(value):
                yield f"{kind} {name}: no label's value: {value!r}"
    pods = [item for item in objects if item["kind"] in ("StatefulSet", "Deployment")]
    for item in pods:
        yield from check_pods(item, seen)
        yield from check_amounts(item)
    for item in objects:
        if item["kind"] == "Service":
            yield from check_service(item, pods)
        if item["kind"] == "Ingress":
            for rule in item["spec"]["rules"]:
                if rule["host"].rsplit(".", 1)[-1].isdigit():
                    yield f"{name_of(item)}: an address is no host: {rule['host']}"
                for path in rule["http"]["paths"]:
                    backend = path["backend"]["service"]
                    found = [other for other in objects if other["kind"] == "Service"
                             and other["metadata"]["name"] == backend["name"]]
                    ports = [port["name"] for other in found for port in other["spec"]["ports"]]
                    if backend["port"]["name"] not in ports:
                        yield f"the Ingress leads to no port: {backend}"


def name_of(item):
    return f"{item['kind']} {item['metadata']['name']}"


def check_pods(item, seen):
    """A workload by itself."""
    name, spec = item["metadata"]["name"], item["spec"]
    template = spec["template"]
    labels = template["metadata"]["labels"]
    if not spec["selector"]["matchLabels"].items() <= labels.items():
        yield f"{name} does not select its own pods"
    if item["kind"] == "StatefulSet" and ("Service", spec["serviceName"]) not in seen:
        yield f"{name} has no Service {spec['serviceName']}"
    if len(f"{name}-0123456789") > 63:
        yield f"{name} is too long for a label of its revision"
    pod = template["spec"]
    volumes = {volume["name"] for volume in pod.get("volumes", [])}
    volumes |= {claim["metadata"]["name"] for claim in spec.get("volumeClaimTemplates", [])}
    for volume in pod.get("volumes", []):
        secret = volume.get("secret", {})
        if secret and "items" not in secret and ("Secret", secret["secretName"]) not in seen:
            yield f"{name}: there is no Secret {secret['secretName']}"
    for container in pod["containers"] + pod.get("initContainers", []):
        mounts = container.get("volumeMounts", [])
        paths = [mount["mountPath"] for mount in mounts]
        if len(set(paths)) != len(paths):
            yield f"{name}: two volumes in one place: {paths}"
        for mount in mounts:
            if mount["name"] not in volumes or ":" in mount["mountPath"]:
                yield f"{name}: mounts what cannot be mounted: {mount}"
        ports = container.get("ports", [])
        for port in ports:
            if not PORT.fullmatch(port["name"]) or len(port["name"]) > 15:
                yield f"{name}: no name of a port: {port['name']}"
        for key in ("name", "containerPort"):
            if len({port[key] for port in ports}) != len(ports):
                yield f"{name}: two ports of one {key}"
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            target = container.get(probe, {}).get("httpGet", {}).get("port")
            if target is not None and target not in [port["name"] for port in ports]:
                yield f"{name}: {probe} asks no port"
        names = [variable["name"] for variable in container.get("env", [])]
        if len(set(names)) != len(names):
            yield f"{name}: a variable is there twice: {names}"
        for word in container.get("args", []):
            if word.startswith("--peer=") and not set(".:") & set(word) and ("Service", word[7:]) not in seen:
                yield f"{name}: there is no Service of {word}"


def check_amounts(item):
    """What schemas take for any text."""
    spec = item["spec"]
    owners = [claim["spec"] for claim in spec.get("volumeClaimTemplates", [])]
    pod = spec["template"]["spec"]
    for owner in owners + pod["containers"] + pod.get("initContainers", []):
        for amounts in owner.get("resources", {}).values():
            for what, amount in amounts.items():
                if not QUANTITY.fullmatch(str(amount)):
                    yield f"{item['metadata']['name']}: no amount of {what}: {amount!r}"
                if what != "cpu" and str(amount).endswith("m"):
                    yield f"{item['metadata']['name']}: thousandths of {what}: {amount!r}"


def check_service(item, pods):
    """Whether it leads anywhere."""
    name, spec = item["metadata"]["name"], item["spec"]
    found = []
    for pod in pods:
        labels = dict(pod["spec"]["template"]["metadata"]["labels"])
        instances = pod["spec"]["replicas"] if pod["kind"] == "StatefulSet" else 0
        own = [dict(labels, **{"statefulset.kubernetes.io/pod-name": f"{pod['metadata']['name']}-{number}"})
               for number in range(instances)] or [labels]
        if any(spec["selector"].items() <= each.items() for each in own):
            found.append(pod)
    if len(found) != 1:
        yield f"Service {name} leads to {len(found)} workloads"
        return
    known = {port["name"] for port in found[0]["spec"]["template"]["spec"]["containers"][0].get("ports", [])} | {GOSSIP}
    for port in spec.get("ports", []):
        if port["targetPort"] not in known:
            yield f"Service {name}: no port {port['targetPort']}"
    # Clients that patch a list by its numbers lose one of two that are the same, as soon as the list changes.
    numbers = [port["port"] for port in spec.get("ports", [])]
    if len(set(numbers)) != len(numbers) and set(numbers) != {GOSSIP}:
        yield f"Service {name}: one number twice: {numbers}"


def main():
    command, path = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        objects = list(yaml.load_all(file, Loader))
    if command == "json":
        json.dump(objects, sys.stdout)
        return
    wrong = list({"validate": validate, "check": check}[command](objects))
    for line in wrong:
        print(line)
    sys.exit(1 if wrong or not objects else 0)


main()
