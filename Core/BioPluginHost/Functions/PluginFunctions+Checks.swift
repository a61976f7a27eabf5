// SPDX-License-Identifier: Apache-2.0

package import BioExport

extension PluginFunctions {
    /// Has the checks of a format's options look at their values, each value of a list for itself, but not at defaults.
    ///
    /// - Throws: `OptionRefusal` for the first that will not do; `PluginError` when the plugin fails.
    package func check(_ options: [OptionDescription], _ values: [OptionValue]) throws {
        for (option, value) in zip(options, values) where !option.check.isEmpty && value.source != .standard {
            guard let function = description.function(named: option.check) else { continue }
            for given in value.content.functionValues { try check(option, given, with: function) }
        }
    }

    private func check(_ option: OptionDescription, _ value: FunctionValue, with function: FunctionDescription) throws {
        do {
            guard case .refused(let code, let why) = try call(function, [value]) else { return }
            throw OptionRefusal(
                option: option.id, reason: Self.reason(code, why),
                hint: function.doc.isEmpty ? nil : "it takes \(function.doc)")
        } catch let error as FunctionError {
            throw OptionRefusal(option: option.id, reason: "\(error)", hint: error.hint)
        }
    }
}

extension OptionValue.Content {
    fileprivate var functionValues: [FunctionValue] {
        switch self {
        case .unset, .flag: []
        case .integer(let number): [.signed(number)]
        case .text(let text, _): [.text(text)]
        case .list(let texts): texts.map { .text($0) }
        }
    }
}
