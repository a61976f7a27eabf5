// SPDX-License-Identifier: Apache-2.0

import Testing

/// One thing that Habitat's templates do otherwise than Handlebars, written as a change to Handlebars: with all of them
/// both render the same. docs/reference/templates.md tells them in words.
struct HabitatRule: CustomTestStringConvertible, Sendable {
    let name: String
    /// JavaScript. `Handlebars` is there, `helpers` are those it came with, and `print` is what prints a value.
    let script: String
    /// Renders otherwise without the rule.
    let example: String

    var testDescription: String { name }

    static let all: [HabitatRule] = [
        HabitatRule(
            name: "a list prints in brackets",
            script: """
                const other = print;
                print = value => Array.isArray(value) ? '[' + value.map(one => print(one)).join(', ') + ']' : other(value);
                """,
            example: "{{list}}"),
        HabitatRule(
            name: "a table prints as [object]",
            script: """
                const other = print;
                print = value => Object.prototype.toString.call(value) === '[object Object]' ? '[object]' : other(value);
                """,
            example: "{{map}}"),
        HabitatRule(
            name: "an empty table is false",
            script: """
                const isEmpty = Handlebars.Utils.isEmpty;
                Handlebars.Utils.isEmpty = value => isEmpty(value) || value !== null && typeof value === 'object'
                  && !Array.isArray(value) && Object.keys(value).length === 0;
                """,
            example: "{{#if void}}a{{else}}b{{/if}}"),
        HabitatRule(
            name: "0 is false for with",
            script: """
                Handlebars.registerHelper('with', function (value, options) {
                  return value === 0 ? options.inverse(this) : helpers.with.call(this, value, options);
                });
                """,
            example: "{{#with zero}}a{{else}}b{{/with}}"),
        HabitatRule(
            name: "0, an empty text and an empty table are false for a variable as a block",
            script: """
                Handlebars.registerHelper('blockHelperMissing', function (value, options) {
                  return value === 0 || value === '' || !Array.isArray(value) && Handlebars.Utils.isEmpty(value)
                    ? options.inverse(this) : helpers.blockHelperMissing.call(this, value, options);
                });
                """,
            example: "{{#blank}}a{{else}}b{{/blank}}"),
    ]
}
