// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Testing

/// What a login asks on a real terminal (Tests/Support/terminal).
@Suite(.timeLimit(.minutes(15))) struct RegistryPromptTests {
    @Test func thePasswordIsNotShownAndTheTerminalIsAsBefore() throws {
        let registry = try TestRegistry.shared(.basic)
        let scratch = try Scratch()
        let authority = try TestCertificates.shared().file("authority.pem")
        let script = """
            \(Command.program) registry login \(registry.host) --registry-ca-cert-path \(authority)
            echo "ended $?"; stty -a
            """
        let typed = ["--type", TestRegistry.user, "--type", TestRegistry.password]
        let outcome = try Tool.run(
            ["\(SourceTree.root)/Tests/Support/terminal"] + typed + ["/bin/sh", "-c", script],
            environment: ["HOME": scratch.path, "TERM": "dumb", "DOCKER_CONFIG": "", "REGISTRY_AUTH_FILE": ""])
        let screen = outcome.text
        #expect(screen.contains("ended 0"), "\(screen)")
        #expect(screen.contains("User name for \(registry.host): \(TestRegistry.user)"))
        #expect(screen.contains("Password of \(TestRegistry.user) at \(registry.host): "))
        #expect(!screen.contains(TestRegistry.password))
        #expect(screen.contains(" echo ") && !screen.contains("-echo "))
        let judge = try Tool.run([
            "skopeo", "login", "--get-login", "--authfile", scratch.file(".docker/config.json"), registry.host,
        ])
        #expect(judge.text == "\(TestRegistry.user)\n", "\(judge.errorText)")
    }
}
