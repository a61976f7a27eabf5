// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioTestSupport
import Glibc

/// A container as a pod would have it, in a real engine without a cluster: image, words, variables, user, groups and
/// capabilities. Gone with the test.
struct PodContainer: ~Copyable {
    let engine: TestEngine
    let id: String

    init(_ pod: DocumentValue, _ engine: TestEngine, options: [String] = []) throws {
        let container = pod["containers"]?.array?.first ?? [:]
        let security = pod["securityContext"] ?? [:]
        let user = security["runAsUser"]?.int ?? -1
        var words = ["run", "--detach", "--network", "none", "--user", "\(user):\(security["runAsGroup"]?.int ?? -1)"]
        words += ["--group-add", "\(security["fsGroup"]?.int ?? -1)", "--security-opt", "no-new-privileges"]
        for group in security["supplementalGroups"]?.array?.compactMap(\.int) ?? [] {
            words += ["--group-add", "\(group)"]
        }
        for name in container["securityContext"]?["capabilities"]?["drop"]?.array?.compactMap(\.string) ?? [] {
            words += ["--cap-drop", name]
        }
        for variable in container["env"]?.array ?? [] {
            words += ["--env", "\(variable["name"]?.string ?? "")=\(variable["value"]?.string ?? "")"]
        }
        for mount in container["volumeMounts"]?.array ?? [] {
            words += ["--tmpfs", "\(mount["mountPath"]?.string ?? ""):mode=2777,gid=42,exec"]
        }
        let command = container["command"]?.array?.compactMap(\.string) ?? []
        if let program = command.first { words += ["--entrypoint", program] }
        words += options + [container["image"]?.string ?? ""] + command.dropFirst()
        let started = try engine.docker(words + (container["args"]?.array?.compactMap(\.string) ?? []))
        guard started.code == 0 else { throw BuiltBio.Missing(description: "no container: \(started.errorText)") }
        self.engine = engine
        id = String(started.text.prefix(12))
    }

    deinit { _ = try? engine.docker(["rm", "-f", id]) }

    func exec(_ words: [String]) throws -> Tool.Outcome { try engine.docker(["exec", id] + words) }
    func exec(_ words: String...) throws -> Tool.Outcome { try exec(words) }

    /// Whether a program in it says so within twenty seconds.
    func settles(_ wanted: String, _ words: String...) throws -> Bool {
        for _ in 0..<200 {
            if try exec(words).text == wanted { return true }
            usleep(100_000)
        }
        return false
    }

    var log: String {
        get throws {
            let log = try engine.docker(["logs", id])
            return log.text + log.errorText
        }
    }
}
