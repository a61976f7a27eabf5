// SPDX-License-Identifier: Apache-2.0

import BioCrypto
package import BioDocument
import BioGraph
import BioOCI
import BioPackage

/// A bill of materials as CycloneDX 1.6 has it. Packages are components of the layer they lie in, and the edges of the
/// graph are dependencies.
package struct CycloneDXBill {
    private let facts: ExportFacts
    private let references: [String]

    package init(_ facts: ExportFacts) {
        self.facts = facts
        references = facts.packages.map { PackageURL.text($0.ident, $0.target) }
    }

    /// Of the result, and of a layer by its number; those of packages are their URLs.
    private static let result = "result"
    private static func layer(_ number: Int) -> String { "layer-\(number)" }

    /// The document; its serial number is a function of all else in it.
    package func value() -> DocumentValue {
        var object = DocumentObject()
        object.append("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json")
        object.append("bomFormat", "CycloneDX")
        object.append("specVersion", "1.6")
        object.append("serialNumber", "")
        object.append("version", 1)
        object.append(
            "metadata",
            [
                "timestamp": .string(facts.created),
                "tools": [
                    "components": [
                        ["type": "application", "name": "bio", "version": .string(facts.maker.version)]
                    ]
                ],
                "component": result,
            ])
        object.append("components", .array(components))
        object.append("dependencies", .array(dependencies))
        let uuid = ContentUUID.text(of: DocumentValue.object(object).jsonBytes(.compact))
        object["serialNumber"] = .string("urn:uuid:\(uuid)")
        return .object(object)
    }

    private var components: [DocumentValue] {
        guard let image = facts.result.image else { return facts.packages.indices.map(component) }
        return image.layers.indices.map { component(image.layers[$0], number: $0 + 1) }
    }

    /// The result needs what was asked for and what makes it run; of packages the edges of the graph.
    private var dependencies: [DocumentValue] {
        let packages = facts.graph.packages
        let tops = packages.indices.filter { packages[$0].isRoot || packages[$0].isBase }
        return [Self.dependency(Self.result, tops.map { references[$0] })]
            + packages.indices.map { Self.dependency(references[$0], packages[$0].edges.map { references[$0.to] }) }
    }

    private static func dependency(_ reference: String, _ needs: [String]) -> DocumentValue {
        needs.isEmpty
            ? ["ref": .string(reference)] : ["ref": .string(reference), "dependsOn": .strings(needs)]
    }

    // MARK: - Components

    private var result: DocumentValue {
        var object = DocumentObject()
        object.append("type", facts.result.image == nil ? "file" : "container")
        object.append("bom-ref", .string(Self.result))
        object.append("name", .string(facts.result.name))
        object.append("version", .string(facts.result.version))
        if let digest = facts.result.subjects.first?.sha256 { object.append("hashes", Self.hashes(digest)) }
        if let url = facts.result.image.flatMap({ PackageURL.text($0) }) { object.append("purl", .string(url)) }
        return .object(object)
    }

    private func component(_ layer: ExportFacts.Layer, number: Int) -> DocumentValue {
        var object = DocumentObject()
        object.append("type", "file")
        if let blob = layer.blob { object.append("mime-type", .string(blob.mediaType.rawValue)) }
        object.append("bom-ref", .string(Self.layer(number)))
        object.append("name", .string(layer.title))
        object.append("hashes", Self.hashes(layer.blob?.digest ?? layer.diffID))
        if !layer.packages.isEmpty { object.append("components", .array(layer.packages.map(component))) }
        object.append("properties", Self.properties([("bio:layer:diff-id", "\(layer.diffID)")]))
        return .object(object)
    }

    private func component(_ index: Int) -> DocumentValue {
        let package = facts.packages[index]
        let said = package.said
        var object = DocumentObject()
        object.append("type", package.isService ? "application" : "library")
        object.append("bom-ref", .string(references[index]))
        object.append("supplier", ["name": .string(package.ident.origin)])
        object.append("group", .string(package.ident.origin))
        object.append("name", .string(package.ident.name))
        object.append("version", .string(package.ident.version))
        if let summary = said.summary { object.append("description", .string(summary)) }
        if let origin = package.origin { object.append("hashes", Self.hashes(origin.artifact)) }
        if let licences = CycloneDXLicences.value(DeclaredLicence(said.licence)) {
            object.append("licenses", licences)
        }
        object.append("purl", .string(references[index]))
        let links = Self.links(said)
        if !links.isEmpty { object.append("externalReferences", .array(links)) }
        object.append(
            "properties",
            Self.properties(
                [("bio:package:ident", "\(package.ident)"), ("bio:package:target", "\(package.target)")]
                    + (package.origin.map { [("bio:package:signer", $0.signer)] } ?? [])))
        return .object(object)
    }

    private static func links(_ said: ManifestFacts) -> [DocumentValue] {
        var links: [DocumentValue] = []
        if let homepage = said.homepage { links.append(["type": "website", "url": .string(homepage)]) }
        if let source = said.source {
            var link = DocumentObject()
            link.append("type", "source-distribution")
            link.append("url", .string(source))
            if let digest = said.sourceDigest { link.append("hashes", hashes(digest)) }
            links.append(.object(link))
        }
        return links
    }

    private static func hashes(_ digest: Digest) -> DocumentValue {
        let algorithm = digest.algorithm == .sha256 ? "SHA-256" : "BLAKE2b-256"
        return [["alg": .string(algorithm), "content": .string(digest.hex)]]
    }

    private static func properties(_ pairs: [(String, String)]) -> DocumentValue {
        .array(pairs.map { ["name": .string($0.0), "value": .string($0.1)] })
    }
}
