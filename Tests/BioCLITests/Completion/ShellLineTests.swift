// SPDX-License-Identifier: Apache-2.0

import BioCLI
import Testing

@Suite struct ShellLineTests {
    @Test(arguments: [
        ("bio pkg in", ["bio", "pkg"], "in"), ("bio pkg ", ["bio", "pkg"], ""), ("", [], ""),
        (#"bio my\ file 'it is' "a\$b" x"#, ["bio", "my file", "it is", "a$b"], "x"),
        (#"bio "a \d" "#, ["bio", #"a \d"#], ""), (#"bio '' ""#, ["bio", ""], ""),
        (#"bio 'open quo"#, ["bio"], "open quo"), (#"bio "open \" quo"#, ["bio"], #"open " quo"#),
        ("bio\tpkg\n  x", ["bio", "pkg"], "x"), (#"bio end\"#, ["bio"], "end"),
    ])
    func takesQuotesAway(_ line: String, _ words: [String], _ current: String) {
        let parsed = ShellLine(line)
        #expect(parsed.words == words && parsed.current == current)
    }

    @Test(arguments: [
        ("bio --format=js", "--format="), ("bio gzip:fa", "gzip:"), ("bio a=b:c", "a=b:"), ("bio plain", ""),
        ("bio a\\:b", ""), ("bio 'a:b", ""), ("bio --output='a:b", "--output="), ("bio --x=1 y", ""),
    ])
    func knowsWhatReadlineLeavesAlone(_ line: String, _ fixed: String) {
        let parsed = ShellLine(line, wordBreaks: " \t\n\"'><=;|&(:")
        #expect(String(parsed.current.prefix(parsed.fixedCount)) == fixed)
        #expect(ShellLine(line).fixedCount == 0)
    }

    @Test(arguments: [
        ("bio $HO", true), ("bio \"`pw", true), ("bio '$HO", false), ("bio \\$HO", false), ("bio $a b", false),
    ])
    func knowsWhatOnlyAShellExpands(_ line: String, _ isExpanded: Bool) {
        #expect(ShellLine(line).isExpanded == isExpanded)
    }
}
