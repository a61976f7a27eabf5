// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Glibc

typealias Bio = BuiltBio
typealias Desk = ExportDesk

enum World {
    static let shared = Result { try ExportWorld(ClosureFixture.all, spare: [ClosureFixture.otherBio]) }
}

extension ExportDesk {
    /// A desk of the shared world.
    init() throws { try self.init(try World.shared.get()) }

    init(installing packages: [PackageFixture], mask: String = "022") throws {
        try self.init(try World.shared.get(), installing: packages, mask: mask)
    }
}

extension BuiltBio {
    /// `bio pkg export tar …`
    func export(_ arguments: String...) throws -> Outcome { try run(["pkg", "export", "tar"] + arguments) }
}

/// Whether this process may mount a file system: root in some containers may not. Other tests of full and closed places
/// (a file size limit, `/dev/full`, the unit tests of placement) need no mount.
let canMount: Bool = {
    guard geteuid() == 0, let scratch = try? Scratch(),
        (try? tool("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", scratch.path)) != nil
    else { return false }
    return umount(scratch.path) == 0
}()

/// Runs Python's own reader (`judge.py`).
func judge(_ arguments: String..., input: [UInt8] = []) throws -> String {
    let script = "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/") + "/judge.py"
    let outcome = try Tool.run(["python3", script] + arguments, input: input)
    guard outcome.code == 0 else { throw Bio.Missing(description: "judge.py: \(outcome.errorText)") }
    return outcome.text
}
