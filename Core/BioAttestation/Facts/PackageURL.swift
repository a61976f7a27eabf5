// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioOCI
import BioPackage

/// Package URLs (purl-spec), by which programs tell components apart.
enum PackageURL {
    /// Of a package. No type of its own is registered, so it is `generic`:
    /// `pkg:generic/core/redis@4.0.14?release=20200421191514&target=x86_64-linux`
    static func text(_ ident: QualifiedIdent, _ target: PackageTarget) -> String {
        "pkg:generic/\(encoded(ident.origin))/\(encoded(ident.name))@\(encoded(ident.version))"
            + "?release=\(encoded(ident.release))&target=\(encoded("\(target)"))"
    }

    /// Of an image that has a manifest: `pkg:oci/app@sha256%3A…?arch=amd64&repository_url=…&tag=…`; nil without a name.
    /// The address of a repository is said of one that gets the image only: any other name is no address.
    static func text(_ image: ExportFacts.ImageFacts) -> String? {
        guard let manifest = image.manifest, let reference = image.pushed ?? image.reference else { return nil }
        let name = reference.name.split(separator: "/").last.map(String.init) ?? reference.name
        let repository = image.pushed.map { "&repository_url=\(encoded($0.normalized.name))" } ?? ""
        let tag = (reference.tag ?? image.reference?.tag).map { "&tag=\(encoded($0))" } ?? ""
        return "pkg:oci/\(encoded(name))@\(encoded("\(manifest)"))?arch=\(encoded(image.platform.architecture))"
            + repository + tag
    }

    /// Everything but letters, digits and `.-_~` as `%XX`.
    static func encoded(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                result += byte < 16 ? "%0" : "%"
                result += String(byte, radix: 16, uppercase: true)
            }
        }
        return result
    }
}
