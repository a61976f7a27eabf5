// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioTestSupport
import Testing

/// Texts that mean something to YAML, to a shell, to templates or to Kubernetes come out as they went in.
@Suite struct HostileValueTests {
    static let texts = [
        "\"", "\\", "'", "a: b", "- a", "# a", "{{ .Values.x }}", "}}", "$HOME", "${x}", "`x`", "\u{1F600}", "\u{2028}",
        "null", "yes", "0x10", "1e3", "2026-01-02", "~", "", " a ", "a\nb", "a\n", "\ta", "\u{7F}", "\u{85}", "!tag",
        "&a *a",
        "%a", "@a", "|", ">", "[a", "{a", "a #b", "---", "...", "\u{FEFF}a", "a=b",
    ]

    @Test func valuesOfVariables() throws {
        let options = Self.texts.enumerated().flatMap { ["--env", "V\($0.offset)=\($0.element)"] }
        let manifest = try ExportDesk().manifest(["acme/cache"] + options)
        let variables = manifest.container("cache")?["env"]?.array ?? []
        #expect(variables.prefix(Self.texts.count).compactMap { $0["value"]?.string } == Self.texts)
        #expect(try manifest.faults() == "")
    }

    /// Kubernetes puts variables into `$(NAME)`, and makes one dollar of two.
    @Test(arguments: [
        ("$(A)", "$$(A)"), ("$$(A)", "$$$$(A)"), ("a$$b", "a$$$$b"), ("$A", "$A"), ("$(", "$$("), ("a$", "a$"),
    ]) func dollars(value: String, written: String) throws {
        let manifest = try ExportDesk().manifest("acme/cache", "--env", "V=\(value)")
        #expect(manifest.container("cache")?["env"]?.array?.first?["value"]?.string == written)
        #expect(Self.expanded(written) == value)
    }

    /// What a kubelet makes of a value when no other variable is known.
    private static func expanded(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let first = rest.first {
            rest = rest.dropFirst()
            if first == "$", rest.first == "$" { rest = rest.dropFirst() }
            result.append(first)
        }
        return result
    }

    @Test func pathsOfStorage() throws {
        for path in ["/a b", "/{{x}}", "/\"q\"", "/$x", "/ä", "/#"] {
            let manifest = try ExportDesk().manifest("acme/cache", "--storage", "1Gi:\(path):fast")
            let mounts = manifest.container("cache")?["volumeMounts"]?.array ?? []
            #expect(mounts.last?["mountPath"]?.string == path)
        }
    }

    @Test func configurationsOfAnyBytes() throws {
        let desk = try ExportDesk()
        for length in 1...4 {
            let text = "a = '\(String(repeating: "ü$", count: length))'\n" + String(repeating: "#", count: length)
            try write(text, to: desk.work("user.toml"))
            let data = try desk.manifest("acme/cache", "-n", "user.toml").object("Secret", "cache-config")?["data"]
            let decoded = try tool("base64", "--decode", input: Array((data?["user.toml"]?.string ?? "").utf8))
            #expect(String(decoding: decoded, as: UTF8.self) == text)
        }
    }
}
