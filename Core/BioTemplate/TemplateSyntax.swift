// SPDX-License-Identifier: Apache-2.0

import BioDocument

/// What stands between two tags, and what the tags say. Offsets are bytes of the source.
struct TemplateBody: Sendable {
    var nodes: [TemplateNode] = []
    /// The partials that `{{#*inline}}` defines here; they hold for the whole body, also before their definition.
    var inlines: [Inline] = []

    struct Inline: Sendable {
        let name: String
        let body: TemplateBody
    }
}

enum TemplateNode: Sendable {
    /// Bytes of the source, copied to the output.
    case text(Range<Int>)
    case expression(TemplateExpression)
    case block(TemplateBlock)
    case partial(TemplatePartial)
}

struct TemplateBlock: Sendable {
    let call: TemplateCall
    /// `{{^name}}`: the body is for the case that the block does not apply.
    let isInverted: Bool
    /// The names of `as |value key|`.
    let parameters: [String]
    var body = TemplateBody()
    var inverse: TemplateBody?
}

struct TemplatePartial: Sendable {
    let offset: Int
    /// A name as written, or a sub-expression that yields one.
    let name: Name
    let context: TemplateExpression?
    let named: [TemplateCall.Named]
    /// The blanks before a partial that has a line for itself: every line of the partial gets them.
    var indent: Range<Int>
    /// What stands inside `{{#> name}}…{{/name}}`.
    var body: TemplateBody?

    enum Name: Sendable {
        case fixed(String)
        case computed(TemplateExpression)
    }
}

indirect enum TemplateExpression: Sendable {
    case literal(DocumentValue, offset: Int)
    case path(TemplatePath)
    case call(TemplateCall)

    var offset: Int {
        switch self {
        case .literal(_, let offset): offset
        case .path(let path): path.offset
        case .call(let call): call.path.offset
        }
    }
}

/// A name with arguments: `{{name a b c=d}}`, `(name a)`, `{{#name a}}`.
struct TemplateCall: Sendable {
    let path: TemplatePath
    let arguments: [TemplateExpression]
    let named: [Named]

    struct Named: Sendable {
        let name: String
        let value: TemplateExpression
        let offset: Int
    }

    var hasArguments: Bool { !arguments.isEmpty || !named.isEmpty }
}

/// `a.b`, `../a`, `this`, `@index`, `a.[odd key]`.
struct TemplatePath: Sendable {
    let offset: Int
    /// As written.
    let text: String
    /// How many `../` it begins with.
    let levels: Int
    /// It begins with `@`.
    let isData: Bool
    /// It begins with `this`, `.` or `..`, so it names neither a function nor a block parameter.
    let isScoped: Bool
    let names: [String]

    /// What a partial or a block is called by this: one name without its brackets, a longer path as written.
    var calledName: String { simpleName ?? text }

    /// The name when this can be a function or a block.
    var simpleName: String? { names.count == 1 && !isScoped && !isData ? names[0] : nil }
}
