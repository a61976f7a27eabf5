// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import ServiceRoot

/// The detached signature that appc looks for beside an image, made by gpg from the finished file.
struct ImageSignature {
    private let job: Job
    private let words: [String]

    /// Nil when the user wants none.
    init?(_ job: Job) throws(ExportFailure) {
        let isAsked = [ACIOptions.signKey, ACIOptions.signPassphrase].first { job.text($0) != nil }
        guard job.flag(ACIOptions.sign) else {
            if let isAsked { throw .option(isAsked, "the image is not signed", hint: "add --sign") }
            return nil
        }
        self.job = job
        words = try Self.words(job.text(ACIOptions.signArguments) ?? "")
        if job.text(ACIOptions.signKey)?.isEmpty == true { throw .option(ACIOptions.signKey, "the name is empty") }
    }

    static func fileName(_ image: String) -> String { "\(image).asc" }

    func write(of image: String, _ host: Host) throws(ExportFailure) {
        var arguments = ["--batch", "--no-tty", "--armor"] + words
        if let key = job.text(ACIOptions.signKey) { arguments += ["--local-user", key] }
        let isLocked = job.text(ACIOptions.signPassphrase) != nil
        if isLocked { arguments += ["--pinentry-mode", "loopback", "--passphrase-fd", "3"] }
        let result = try host.run(
            ToolCall(
                "gpg", arguments + ["--detach-sign"], input: image, output: Self.fileName(image),
                secret: isLocked ? try host.secret(ACIOptions.signPassphrase) : nil))
        guard result.exitCode == 0 else {
            let reason = result.errors.split(whereSeparator: \.isNewline).last.map(String.init) ?? "it says nothing"
            throw .option(
                ACIOptions.sign, "gpg did not sign '\(image)': \(reason)",
                hint: "gpg --list-secret-keys shows your keys; --sign-key chooses one, --sign-passphrase-file opens it")
        }
    }

    /// With how many words each option of gpg's goes on. Others would change what is made, or where.
    private static let known = [
        "--default-key": 1, "--local-user": 1, "-u": 1, "--homedir": 1, "--digest-algo": 1, "--pinentry-mode": 1,
        "--armor": 0, "-a": 0, "--yes": 0, "--batch": 0, "--no-tty": 0, "--quiet": 0, "-q": 0,
    ]

    private static func words(_ text: String) throws(ExportFailure) -> [String] {
        let words = text.split(separator: " ").map(String.init)
        var rest = words[...]
        while let word = rest.popFirst() {
            let parts = word.split(separator: "=", maxSplits: 1)
            guard let name = parts.first, let count = known[String(name)], rest.count >= (parts.count == 2 ? 0 : count)
            else {
                throw .option(
                    ACIOptions.signArguments, "'\(word)' is not among what gpg may be told here",
                    hint: "it may be told \(known.keys.sorted().joined(separator: ", "))")
            }
            rest = rest.dropFirst(parts.count == 2 ? 0 : count)
        }
        return words
    }
}
