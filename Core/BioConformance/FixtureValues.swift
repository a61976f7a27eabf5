// SPDX-License-Identifier: Apache-2.0

import BioPluginHost

/// Values for typed functions: the ends of each type, and texts that hurt.
enum FixtureValues {
    /// Each argument with each of its values, then all of them at once, then some by chance.
    static func calls(of type: FunctionSignature, seed: UInt64) -> [[FunctionValue]] {
        guard let arguments = type.arguments else { return ofAny }
        guard !arguments.isEmpty else { return [[]] }
        let edges = arguments.map(edges)
        let plain = edges.map { $0[0] }
        var calls = [plain]
        for (place, values) in edges.enumerated() {
            for value in values.dropFirst() {
                var call = plain
                call[place] = value
                calls.append(call)
            }
        }
        for index in 1..<(edges.map(\.count).max() ?? 1) { calls.append(edges.map { $0[index % $0.count] }) }
        var random = SeededGenerator(seed: seed)
        for _ in 0..<16 { calls.append(edges.map { $0.randomElement(using: &random) ?? $0[0] }) }
        return calls
    }

    /// The first is harmless.
    static func edges(_ type: FunctionSignature.Scalar) -> [FunctionValue] {
        switch type {
        case .bool: [.bool(true), .bool(false)]
        case .int32: [1, 0, -1, Int64(Int32.max), Int64(Int32.min)].map { .signed($0) }
        case .int64: [1, 0, -1, .max, .min].map { .signed($0) }
        case .uint32: [1, 0, UInt64(UInt32.max)].map { .unsigned($0) }
        case .uint64: [1, 0, .max].map { .unsigned($0) }
        case .double:
            [1, 0, -0.0, -1.5, 1e20, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNonzeroMagnitude]
                .map { .double($0) }
        case .text: texts.map { .text($0) }
        }
    }

    private static let texts = [
        "check", "", " ", "a b", "é\"'\\{{x}}", "%s%n%99999d", "../../etc/passwd", "0x7fffffffffffffffffff",
        "line\nline", "\u{1B}[31m", String(repeating: "é", count: 3000),
    ]

    private static let ofAny: [[FunctionValue]] =
        [[], Array(repeating: .text("x"), count: FunctionSignature.mostArguments)]
        + FunctionSignature.Scalar.allCases.flatMap { type in edges(type).map { [$0] } }

    /// As the report names it.
    static func shown(_ value: FunctionValue) -> String {
        switch value {
        case .bool(let value): "\(value)"
        case .signed(let value): "\(value)"
        case .unsigned(let value): "\(value)"
        case .double(let value): "\(value)"
        case .text(let text):
            text.utf8.count > 40 ? "a text of \(text.utf8.count) bytes" : text.debugDescription
        }
    }
}
