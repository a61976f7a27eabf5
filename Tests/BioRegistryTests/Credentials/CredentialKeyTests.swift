// SPDX-License-Identifier: Apache-2.0

import BioRegistry
import Testing

@Suite struct CredentialKeyTests {
    @Test(arguments: [
        ("registry.example", "registry.example/app"),
        ("https://registry.example", "registry.example/app"),
        ("http://registry.example/", "registry.example/app"),
        ("https://registry.example/v1/", "registry.example/app"),
        ("registry.example/v2", "registry.example/app"),
        ("Registry.Example", "registry.example/app"),
        ("localhost:5000", "localhost:5000/a/b/c"),
        ("registry.example/team", "registry.example/team/app"),
        ("registry.example/team/app", "registry.example/team/app"),
        ("https://registry.example/team", "registry.example/team/app"),
        ("https://index.docker.io/v1/", "docker.io/library/redis"),
        ("index.docker.io", "docker.io/library/redis"),
        ("docker.io/library", "docker.io/library/redis"),
        ("registry-1.docker.io", "docker.io/library/redis"),
    ])
    func aKeyCovers(_ key: String, _ name: String) {
        #expect(CredentialKey(key).covers(repository(name)))
    }

    @Test(arguments: [
        ("registry.example", "other.example/app"),
        ("registry.example", "registry.example:5000/app"),
        ("registry.example:443", "registry.example/app"),
        ("registry.example", "evil-registry.example/app"),
        ("registry.example", "registry.example.evil/app"),
        ("registry.example/team", "registry.example/teams/app"),
        ("registry.example/team/app", "registry.example/team"),
        ("registry.example/Team", "registry.example/team"),
        ("user@registry.example", "registry.example/app"),
        ("", "registry.example/app"),
        ("https://", "registry.example/app"),
    ])
    func aKeyDoesNotCover(_ key: String, _ name: String) {
        #expect(!CredentialKey(key).covers(repository(name)))
    }

    @Test(arguments: [
        ("docker.io", "https://index.docker.io/v1/"), ("registry.example", "registry.example"),
        ("https://registry.example/v2/", "registry.example"), ("registry.example/team", "registry.example/team"),
        ("docker.io/library", "docker.io/library"),
    ])
    func itIsWrittenAsDockerDoes(_ key: String, _ text: String) { #expect(CredentialKey(key).text == text) }
}
