// SPDX-License-Identifier: Apache-2.0

import BioCrypto
package import BioDocument
import BioGraph
import BioPackage

/// A bill of materials as SPDX 2.3 has it. The result contains its layers, a layer its packages; packages depend on
/// packages, and each was made of its source.
package struct SPDXBill {
    private let facts: ExportFacts
    private var licences = SPDXLicences()
    private var ids = SPDXIdentifiers()
    private var relationships: [DocumentValue] = []

    package init(_ facts: ExportFacts) { self.facts = facts }

    private static let document = "SPDXRef-DOCUMENT"
    private static let nothingSaid: DocumentValue = "NOASSERTION"

    /// The document; its namespace is a function of all else in it.
    package func value() -> DocumentValue {
        var bill = self
        var object = bill.object()
        let uuid = ContentUUID.text(of: DocumentValue.object(object).jsonBytes(.compact))
        object["documentNamespace"] = .string("https://biome.sh/bio/spdx/\(uuid)")
        return .object(object)
    }

    private mutating func object() -> DocumentObject {
        let root = ids.make(facts.result.image == nil ? "Artifact" : "Image", facts.result.name)
        let layers = (facts.result.image?.layers ?? []).indices.map { ids.make("Layer", "\($0 + 1)") }
        let packages = facts.packages.map { ids.make("Package", "\($0.ident)") }
        relate(Self.document, "DESCRIBES", root)
        var elements = [result(root)]
        for (index, layer) in (facts.result.image?.layers ?? []).enumerated() {
            relate(root, "CONTAINS", layers[index])
            for package in layer.packages { relate(layers[index], "CONTAINS", packages[package]) }
            elements.append(element(layer, layers[index]))
        }
        if facts.result.image == nil { for package in packages { relate(root, "CONTAINS", package) } }
        for index in packages.indices {
            elements.append(element(index, packages[index]))
            for edge in facts.graph.packages[index].edges { relate(packages[index], "DEPENDS_ON", packages[edge.to]) }
        }
        for index in packages.indices { if let source = source(index, of: packages[index]) { elements.append(source) } }
        return members(elements)
    }

    private func members(_ elements: [DocumentValue]) -> DocumentObject {
        var object = DocumentObject()
        object.append("spdxVersion", "SPDX-2.3")
        object.append("dataLicense", "CC0-1.0")
        object.append("SPDXID", .string(Self.document))
        object.append("name", .string(facts.result.name))
        object.append("documentNamespace", "")
        object.append(
            "creationInfo",
            [
                "created": .string(facts.created), "creators": .strings(["Tool: bio-\(facts.maker.version)"]),
                "licenseListVersion": .string(LicenceList.version),
            ])
        object.append("packages", .array(elements))
        if !licences.extracted.isEmpty { object.append("hasExtractedLicensingInfos", .array(licences.extracted)) }
        object.append("relationships", .array(relationships))
        return object
    }

    private mutating func relate(_ from: String, _ how: String, _ to: String) {
        relationships.append([
            "spdxElementId": .string(from), "relationshipType": .string(how), "relatedSpdxElement": .string(to),
        ])
    }

    // MARK: - Elements

    private func result(_ id: String) -> DocumentValue {
        var object = Self.element(id, facts.result.name, version: facts.result.version)
        object.append("primaryPackagePurpose", facts.result.image == nil ? "ARCHIVE" : "CONTAINER")
        if let digest = facts.result.subjects.first?.sha256 { object.append("checksums", Self.checksums(digest)) }
        if let url = facts.result.image.flatMap({ PackageURL.text($0) }) { Self.add(purl: url, to: &object) }
        return .object(object)
    }

    private func element(_ layer: ExportFacts.Layer, _ id: String) -> DocumentValue {
        var object = Self.element(id, layer.title, version: nil)
        object.append("primaryPackagePurpose", "ARCHIVE")
        object.append("checksums", Self.checksums(layer.blob?.digest ?? layer.diffID))
        object.append("comment", .string("layer of an image; its diff ID is \(layer.diffID)"))
        return .object(object)
    }

    private mutating func element(_ index: Int, _ id: String) -> DocumentValue {
        let package = facts.packages[index]
        let said = package.said
        var object = Self.element(id, "\(package.ident.origin)/\(package.ident.name)", version: package.ident.version)
        object.append("packageFileName", .string(package.ident.artifactFileName(for: package.target)))
        object.append("supplier", .string("Organization: \(package.ident.origin)"))
        object["licenseDeclared"] = .string(licences.expression(DeclaredLicence(said.licence)))
        object.append("primaryPackagePurpose", package.isService ? "APPLICATION" : "LIBRARY")
        if let summary = said.summary { object.append("description", .string(summary)) }
        if let homepage = said.homepage { object.append("homepage", .string(homepage)) }
        if let origin = package.origin {
            object.append("checksums", Self.checksums(origin.artifact))
            object.append("comment", .string("signed with the origin key \(origin.signer)"))
        }
        Self.add(purl: PackageURL.text(package.ident, package.target), to: &object)
        return .object(object)
    }

    /// What the package was built from; it is not part of the result.
    private mutating func source(_ index: Int, of package: String) -> DocumentValue? {
        let (ident, said) = (facts.packages[index].ident, facts.packages[index].said)
        guard let source = said.source else { return nil }
        let id = ids.make("Source", "\(ident)")
        relate(package, "GENERATED_FROM", id)
        var object = Self.element(id, "\(ident.name) (source)", version: ident.version)
        object["downloadLocation"] = .string(source)
        object.append("primaryPackagePurpose", "SOURCE")
        if let digest = said.sourceDigest { object.append("checksums", Self.checksums(digest)) }
        return .object(object)
    }

    /// What every element has; what nobody knows is said to be so.
    private static func element(_ id: String, _ name: String, version: String?) -> DocumentObject {
        var object = DocumentObject()
        object.append("SPDXID", .string(id))
        object.append("name", .string(name))
        if let version { object.append("versionInfo", .string(version)) }
        object.append("downloadLocation", nothingSaid)
        object.append("filesAnalyzed", false)
        object.append("licenseConcluded", nothingSaid)
        object.append("licenseDeclared", nothingSaid)
        object.append("copyrightText", nothingSaid)
        return object
    }

    private static func checksums(_ digest: Digest) -> DocumentValue {
        let algorithm = digest.algorithm == .sha256 ? "SHA256" : "BLAKE2b-256"
        return [["algorithm": .string(algorithm), "checksumValue": .string(digest.hex)]]
    }

    private static func add(purl: String, to object: inout DocumentObject) {
        object.append(
            "externalRefs",
            [["referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": .string(purl)]])
    }
}
