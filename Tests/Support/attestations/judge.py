# SPDX-License-Identifier: Apache-2.0
"""Whether a document about an export is what it says it is; prints what is wrong, and nothing else.

judge.py cyclonedx FILE    by the published JSON schema of CycloneDX 1.6
judge.py spdx FILE         by SPDX's own validator, every rule of SPDX 2.3
judge.py provenance FILE   by in-toto's own types: a statement 1 with SLSA provenance 1
judge.py purl TEXT...      whether package URLs are read as they were meant
judge.py licences          the names of the SPDX licence list, then those of its exceptions, one a line

Needs what Tests/Support/install-python attestations installs.
"""
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../../../build/attestations"))


def schema(name):
    import cyclonedx.schema

    folder = os.path.join(os.path.dirname(cyclonedx.schema.__file__), "_res")
    with open(os.path.join(folder, f"{name}.SNAPSHOT.schema.json"), encoding="utf-8") as file:
        return json.load(file)


def cyclonedx(path):
    import jsonschema
    from referencing import Registry
    from referencing.jsonschema import DRAFT7

    registry = Registry().with_resources(
        (f"http://cyclonedx.org/schema/{name}.SNAPSHOT.schema.json", DRAFT7.create_resource(schema(name)))
        for name in ("spdx", "jsf-0.82", "cryptography-defs"))
    with open(path, encoding="utf-8") as file:
        document = json.load(file)
    validator = jsonschema.Draft7Validator(
        schema("bom-1.6"), registry=registry, format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER)
    wrong = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]
    return wrong + references(document)


def references(document):
    """What the schema cannot say: every reference is that of one component."""
    known = []

    def walk(components):
        for component in components:
            known.append(component["bom-ref"])
            walk(component.get("components", []))

    walk([document["metadata"]["component"]] + document["components"])
    wrong = [f"{one} is there twice" for one in set(known) if known.count(one) > 1]
    for dependency in document["dependencies"]:
        wrong += [f"{one} is no component" for one in [dependency["ref"]] + dependency.get("dependsOn", [])
                  if one not in known]
    return wrong


def spdx(path):
    from spdx_tools.spdx.parser.parse_anything import parse_file
    from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

    return [f"{one.context.spdx_id}: {one.validation_message}" for one in validate_full_spdx_document(parse_file(path))]


def provenance(path):
    from google.protobuf import json_format
    from in_toto_attestation.predicates.provenance.v1 import provenance_pb2
    from in_toto_attestation.v1 import statement_pb2
    from in_toto_attestation.v1.statement import Statement

    with open(path, encoding="utf-8") as file:
        document = json.load(file)
    try:
        Statement.copy_from_pb(json_format.ParseDict(document, statement_pb2.Statement())).validate()
        # A member that the types lack is an error.
        predicate = json_format.ParseDict(document["predicate"], provenance_pb2.Provenance())
    except (json_format.ParseError, ValueError) as error:
        return [str(error)]
    return [] if predicate.build_definition.build_type and predicate.run_details.builder.id else ["it is empty"]


def purl(*texts):
    from packageurl import PackageURL

    return [json.dumps({name: value for name, value in PackageURL.from_string(text).to_dict().items() if value},
                       sort_keys=True) for text in texts]


def licences():
    names = schema("spdx")["enum"]
    first = names.index("389-exception")
    order = [sorted(part, key=str.encode) for part in (names[:first], names[first:])]
    return order[0] + [""] + order[1]


if __name__ == "__main__":
    judges = {judge.__name__: judge for judge in (cyclonedx, spdx, provenance, purl, licences)}
    for line in judges[sys.argv[1]](*sys.argv[2:]):
        print(line)
