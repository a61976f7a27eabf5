// SPDX-License-Identifier: Apache-2.0

import BioDocument

/// What a process was told of its configuration, as three sums: of the hooks that it was started by, of its files, of
/// `cfg`. What differs from what is rendered now it has yet to be told.
struct ToldConfiguration: Hashable, Sendable {
    let hooks: UInt64
    let files: UInt64
    let cfg: UInt64

    init(_ rendered: RenderedService) {
        var (hooks, files, cfg) = (Sum(), Sum(), Sum())
        for kind in [Hook.Kind.run, .initialise, .postRun] { hooks.add(rendered.hooks[kind] ?? "") }
        for file in rendered.files {
            files.add(file.path.joined(separator: "/"))
            files.add(file.text)
        }
        cfg.add(rendered.configuration.value.json(.compact))
        (self.hooks, self.files, self.cfg) = (hooks.value, files.value, cfg.value)
    }

    init?(_ text: String) {
        let words = text.split(separator: " ").compactMap { UInt64($0, radix: 16) }
        guard words.count == 3 else { return nil }
        (hooks, files, cfg) = (words[0], words[1], words[2])
    }

    var text: String { [hooks, files, cfg].map { String($0, radix: 16) }.joined(separator: " ") }

    /// FNV-1a: it tells changes, not forgeries.
    private struct Sum {
        var value: UInt64 = 0xcbf2_9ce4_8422_2325

        mutating func add(_ text: String) {
            for byte in text.utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
            value = (value ^ 0xFF) &* 0x100_0000_01b3
        }
    }
}
