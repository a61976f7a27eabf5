// SPDX-License-Identifier: Apache-2.0

import BioExport
import BioOCI
import BioPackage
import BioTemplate
import Testing

@Suite struct ImageNamingTests {
    private static func names(
        _ ident: String = "core/redis/7.2.1/20260102030405", name: String = ImageNaming.standardName,
        tags: (inout ImageNaming.Tags) -> Void = { _ in }, registry: String? = nil
    ) throws -> [String] {
        var chosen = ImageNaming.Tags()
        tags(&chosen)
        return try ImageNaming(name: name, tags: chosen, registry: registry)
            .references(for: try QualifiedIdent(parsing: ident), channel: "stable").map(\.description)
    }

    @Test func allTagsAreThereByDefaultInTheirOrder() throws {
        #expect(
            try Self.names() == [
                "core/redis:latest", "core/redis:7.2.1", "core/redis:7.2.1-20260102030405",
            ])
        #expect(try Self.names(tags: { $0.custom = "{{channel}}" }).last == "core/redis:stable")
    }

    @Test func eachTagCanBeLeftOut() throws {
        #expect(try Self.names(tags: { $0.latest = false }).first == "core/redis:7.2.1")
        #expect(try Self.names(tags: { $0.version = false }).count == 2)
        #expect(try Self.names(tags: { $0.versionRelease = false }).last == "core/redis:7.2.1")
        let none = try Self.names(tags: {
            $0.latest = false
            $0.version = false
            $0.versionRelease = false
        })
        #expect(none == ["core/redis"])
    }

    @Test func oneTagIsThereOnce() throws {
        #expect(try Self.names(tags: { $0.custom = "LATEST" }).count == 3)
    }

    @Test func namesAndCustomTagsAreLowerCase() throws {
        let names = try Self.names(
            "core/MyApp/1.0RC1/20260102030405", name: "Team/{{pkg_name}}", tags: { $0.custom = "Edge" },
            registry: "Registry.Example:5000")
        #expect(
            names == [
                "registry.example:5000/team/myapp:latest", "registry.example:5000/team/myapp:1.0RC1",
                "registry.example:5000/team/myapp:1.0RC1-20260102030405", "registry.example:5000/team/myapp:edge",
            ])
    }

    @Test(arguments: [
        ("{{pkg_nam}}", "--image-name:1:3: unknown variable 'pkg_nam'", "did you mean 'pkg_name'?"),
        ("a/{{pkg_name", "--image-name:1:3: the tag is never closed", nil),
    ])
    func aTemplateIsRefusedBeforeAnyPackageIsKnown(_ template: String, _ sentence: String, _ hint: String?) {
        let error = #expect(throws: ImageNamingError.self) { try ImageNaming(name: template) }
        guard case .template(let cause)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(cause.message.hasPrefix(String(sentence.prefix(18))))
        if let hint { #expect(cause.message == sentence && error?.hint == hint) }
    }

    @Test(arguments: ["{{pkg_name.x}}", "{{> x}}", "{{toUppercase channel 1}}", "my app"])
    func whatFailsForEveryPackageIsRefusedBeforeAnyIsKnown(_ template: String) {
        #expect(throws: ImageNamingError.self) { try ImageNaming(name: template) }
        var tags = ImageNaming.Tags()
        tags.custom = template
        #expect(throws: ImageNamingError.self) { try ImageNaming(tags: tags) }
    }

    @Test func aCustomTagIsRefusedBeforeAnyPackageIsKnown() {
        var tags = ImageNaming.Tags()
        tags.custom = "{{version}}"
        let error = #expect(throws: ImageNamingError.self) { try ImageNaming(tags: tags) }
        #expect(error?.description.contains("--tag-custom:1:3: unknown variable 'version'") == true)
    }

    @Test(arguments: [
        ("https://registry.example/team/", "write --registry-url registry.example/team"),
        ("http://localhost:5000", "write --registry-url localhost:5000"),
        ("https://jo:s3cret@registry.example", "write --registry-url registry.example"),
    ])
    func aRegistryHasNoScheme(_ registry: String, _ hint: String) {
        let error = #expect(throws: ImageNamingError.self) { try ImageNaming(registry: registry) }
        #expect(error?.description.contains("s3cret") == false)
        #expect(error?.hint == hint)
    }

    @Test(arguments: ["a b", "registry.example:port", "", "a//b", "jo:s3cret@registry.example"])
    func aRegistryIsHostAndPath(_ registry: String) {
        let error = #expect(throws: ImageNamingError.self) { try ImageNaming(registry: registry) }
        #expect(error?.description.contains("s3cret") == false)
        #expect(error?.description.hasPrefix("--registry-url: ") == true)
    }

    /// What upstream calls the Hub is no beginning of a name.
    @Test(arguments: ["index.docker.io/v1", "https://index.docker.io/v1/", "docker.io"])
    func dockersHubHasItsNames(_ registry: String) throws {
        let naming = try ImageNaming(registry: registry)
        let ident = try QualifiedIdent(parsing: "core/redis/4.0.14/20190319155852")
        #expect(
            try naming.references(for: ident, channel: "stable").first?.description == "docker.io/core/redis:latest")
    }

    @Test func aVersionThatIsNoTagSaysHowToGoOn() {
        let error = #expect(throws: ImageNamingError.self) { try Self.names("core/app/1.2+build/20260102030405") }
        #expect(
            error?.description.hasPrefix("--tag-version: '1.2+build' is no image name: '+' cannot be in a tag") == true)
        #expect(error?.hint == "leave the tag out with --no-tag-version, or give one with --tag-custom")
        let next = #expect(throws: ImageNamingError.self) {
            try Self.names("core/app/1.2+build/20260102030405", tags: { $0.version = false })
        }
        #expect(next?.hint == "leave the tag out with --no-tag-version-release, or give one with --tag-custom")
    }

    @Test func aNameThatIsNoneNamesTheOption() {
        let error = #expect(throws: ImageNamingError.self) { try ImageNaming(name: "{{pkg_name}}--") }
        #expect(error?.description.hasPrefix("--image-name: 'pkg_name--' is no image name") == true)
    }
}
