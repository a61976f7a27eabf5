// SPDX-License-Identifier: Apache-2.0

import BioPluginHost

/// Typed functions, called as templates and options call them.
extension ConformanceCase {
    static let ofFunctions = [
        ConformanceCase(.functionsTaken, .full) { examination in
            guard let description = examination.description else {
                return .blocked("the library does not describe itself")
            }
            guard !description.functions.isEmpty else { return .skipped("it has no typed function") }
            for function in description.functions.prefix(mostFunctions) {
                guard let type = function.type else { continue }
                for values in FixtureValues.calls(of: type, seed: examination.seed) {
                    let verdict = try judge(function, values, description, examination)
                    if verdict != .passed { return verdict }
                }
            }
            return .passed
        }
    ]

    /// A plugin with more of them has made them by rule.
    private static let mostFunctions = 128

    private static func judge(
        _ function: FunctionDescription, _ values: [FunctionValue], _ description: PluginDescription,
        _ examination: Examination
    ) throws -> Verdict {
        let call = "\(function.name)(\(values.map(FixtureValues.shown).joined(separator: ", ")))"
        do {
            let answer = try examination.bench.call(function, values, of: description)
            if case .refused(let code, "") = answer {
                return .failed(
                    "\(call) returns code \(code) and writes no reason",
                    hint: "write into the sink why the values will not do, and return the code then")
            }
            guard try examination.bench.call(function, values, of: description) == answer else {
                return .failed("\(call) gives something else when it is called again", hint: "keep nothing in between")
            }
            return .passed
        } catch let error as PluginError {
            return .failed(
                "\(call) as \(function.signature): \(error)", hint: "make the signature that of the function's type")
        } catch let error as FunctionError { return .blocked("\(call): \(error)") }
    }
}
