// SPDX-License-Identifier: Apache-2.0

/// Something that takes any bytes whatever, and must neither trap nor break a promise.
struct FuzzTarget: Sendable {
    let name: String
    /// Traps when a promise is broken.
    let run: @Sendable ([UInt8]) -> Void
    /// Inputs that get far, for those formats that nobody writes by hand.
    let seeds: @Sendable () -> [[UInt8]]

    init(
        _ name: String, seeds: @escaping @Sendable () -> [[UInt8]] = { [] },
        _ run: @escaping @Sendable ([UInt8]) -> Void
    ) {
        self.name = name
        self.seeds = seeds
        self.run = run
    }

    static let all: [FuzzTarget] = [
        .header, .payload, .members, .tarWriter, .extraction, .idents, .metafiles, .keys, .receipts, .json, .toml,
        .yaml,
        .frames, .serviceCalls, .catalog, .pluginFiles, .pluginTables, .jobTables, .imageDocuments, .imageNames,
        .foreignLayers, .templates,
    ]

    static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }

    // SAFETY: set once, before the only thread begins to fuzz.
    nonisolated(unsafe) static var current: FuzzTarget?
}

/// Ends the program: a promise is broken.
func broken(_ text: @autoclosure () -> String, file: StaticString = #file, line: UInt = #line) -> Never {
    fatalError(text(), file: file, line: line)
}

/// What every program may rely on, checked in release builds too.
func promise(
    _ holds: Bool, _ text: @autoclosure () -> String, file: StaticString = #file, line: UInt = #line
) {
    if !holds { broken(text(), file: file, line: line) }
}

/// An error's text is shown on terminals: something, and nothing that drives one.
func checkMessage(_ text: String, file: StaticString = #file, line: UInt = #line) {
    promise(!text.isEmpty, "an error without a text", file: file, line: line)
    for scalar in text.unicodeScalars {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator:
            broken("an error's text holds U+\(String(scalar.value, radix: 16))", file: file, line: line)
        default: break
        }
    }
}
