// SPDX-License-Identifier: Apache-2.0

import BioDocument

/// Cuts a text into tags and what stands between them, and nests the blocks. Blocks are kept on a stack of its own, so
/// the depth of a template costs no recursion here.
struct TemplateParser {
    let source: TemplateSource
    /// Where the text that is not yet in a node begins.
    private var textStart = 0
    /// The last tag ended with `~`: blanks at the beginning of the next text go.
    private var trimsNext = false
    private var open: [OpenBlock] = [OpenBlock(kind: .root, offset: 0, name: "")]

    init(source: TemplateSource) { self.source = source }

    mutating func parse() throws(TemplateError) -> TemplateBody {
        var search = 0
        while let start = tagStart(from: search) {
            if start > textStart, source.bytes[start - 1] == UInt8(ascii: "\\") {
                let isDoubled = start - 1 > textStart && source.bytes[start - 2] == UInt8(ascii: "\\")
                if !isDoubled {
                    // `\{{`: the braces are text, up to the next tag.
                    addText(upTo: start - 1)
                    textStart = start
                    search = start
                    while search < source.bytes.count, source.bytes[search] == UInt8(ascii: "{") { search += 1 }
                    continue
                }
            }
            try tag(at: start)
            search = textStart
        }
        addText(upTo: source.bytes.count)
        guard open.count == 1 else {
            let last = open[open.count - 1]
            throw source.error(.unclosed("'{{#\(last.name)}}'"), at: last.offset)
        }
        return open[0].body
    }

    /// The next `{{`.
    private func tagStart(from start: Int) -> Int? {
        source.bytes.withUnsafeBufferPointer { bytes in
            var index = start
            while index + 1 < bytes.count {
                if bytes[index] == UInt8(ascii: "{"), bytes[index + 1] == UInt8(ascii: "{") { return index }
                index += 1
            }
            return nil
        }
    }

    // MARK: - Text

    /// Adds the text up to `end`, without its leading blanks when the tag before wants that.
    private mutating func addText(upTo end: Int) {
        var start = textStart
        if trimsNext { while start < end, isBlank(source.bytes[start]) { start += 1 } }
        trimsNext = false
        if start < end { open[open.count - 1].body.nodes.append(.text(start..<end)) }
    }

    /// Adds the text before `tag`, and leaves `textStart` behind it. Returns the blanks that stood before a tag that
    /// has a line for itself.
    private mutating func addText(before tag: TagScanner) -> Range<Int> {
        var end = tag.start
        // Of two backslashes before a tag one is meant.
        if end - 1 > textStart, source.bytes[end - 1] == UInt8(ascii: "\\") { end -= 1 }
        var next = tag.end
        var indent = end..<end
        if tag.canStandAlone, let line = lone(tag.start, tag.end) {
            indent = max(line.lowerBound, textStart)..<end
            end = indent.lowerBound
            next = line.upperBound
        }
        if tag.trimsLeft { while end > textStart, isBlank(source.bytes[end - 1]) { end -= 1 } }
        // What a `~` on either side takes indents nothing.
        if tag.trimsLeft || trimsNext && source.bytes[textStart..<max(end, textStart)].allSatisfy(isBlank) {
            indent = end..<end
        }
        addText(upTo: max(end, textStart))
        textStart = next
        trimsNext = tag.trimsRight
        return indent
    }

    /// The line of a tag that is alone on it (blanks aside), with its end; nil when something else is there.
    private func lone(_ start: Int, _ end: Int) -> Range<Int>? {
        let bytes = source.bytes
        var lower = start
        while lower > 0, bytes[lower - 1] == 0x20 || bytes[lower - 1] == 0x09 { lower -= 1 }
        guard lower == 0 || bytes[lower - 1] == newline else { return nil }
        var upper = end
        while upper < bytes.count, bytes[upper] == 0x20 || bytes[upper] == 0x09 { upper += 1 }
        if upper < bytes.count, bytes[upper] == 0x0D { upper += 1 }
        if upper < bytes.count {
            guard bytes[upper] == newline else { return nil }
            upper += 1
        }
        return lower..<upper
    }

    /// Adds the inside of a raw block, whose tags take their lines with them too.
    private mutating func addRaw(_ inside: Range<Int>) {
        // The opening tag has been handled as any other, so `textStart` is where the inside begins.
        let end = textStart
        var upper = inside.upperBound
        textStart = inside.upperBound + TagScanner.rawEnd.utf8CodeUnitCount
        if let line = lone(inside.upperBound, textStart) {
            upper = max(line.lowerBound, end)
            textStart = line.upperBound
        }
        if end < upper { append(.text(end..<upper)) }
    }

    // MARK: - Tags

    private mutating func tag(at start: Int) throws(TemplateError) {
        var scanner = TagScanner(source: source, start: start)
        let content = try scanner.content()
        let indent = addText(before: scanner)
        switch content {
        case .comment: break
        case .raw(let range): addRaw(range)
        case .expression(let expression): append(.expression(expression))
        case .open(let block): try push(OpenBlock(kind: .block(block), offset: start, name: block.call.path.calledName))
        case .inline(let name): try push(OpenBlock(kind: .inline(name), offset: start, name: "inline"))
        case .partial(var partial):
            // An inline call keeps what stands before it; only a line of its own is indented as a whole.
            if !indent.isEmpty { partial.indent = indent }
            append(.partial(partial))
        case .openPartial(let partial):
            let name = if case .fixed(let name) = partial.name { name } else { "" }
            try push(OpenBlock(kind: .partial(partial), offset: start, name: name))
        case .otherwise(let block): try otherwise(block, at: start)
        case .close(let name, let offset): try close(name, at: offset)
        }
    }

    private mutating func append(_ node: TemplateNode) { open[open.count - 1].body.nodes.append(node) }

    private mutating func push(_ block: OpenBlock) throws(TemplateError) {
        guard open.count <= Template.maximumNesting else {
            throw source.error(.nestingTooDeep(limit: Template.maximumNesting), at: block.offset)
        }
        open.append(block)
    }

    private mutating func otherwise(_ chained: TemplateBlock?, at offset: Int) throws(TemplateError) {
        let top = open.count - 1
        guard case .block(var block) = open[top].kind, !open[top].isElse else {
            throw source.error(.unexpectedClose(found: "{{else}}", expected: nil), at: offset)
        }
        block.body = open[top].body
        open[top].kind = .block(block)
        open[top].body = TemplateBody()
        open[top].isElse = true
        guard let chained else { return }
        let name = open[top].name
        try push(OpenBlock(kind: .block(chained), offset: offset, name: name, isChained: true))
    }

    private mutating func close(_ name: String, at offset: Int) throws(TemplateError) {
        guard open.count > 1 else {
            throw source.error(.unexpectedClose(found: "{{/\(name)}}", expected: nil), at: offset)
        }
        while let last = open.popLast() {
            guard last.name == name else {
                throw source.error(
                    .unexpectedClose(found: name, expected: last.name), at: offset,
                    hint: "'\(last.name)' is opened on line \(source.position(of: last.offset).line)")
            }
            switch last.kind {
            case .root: break
            case .block(let block): append(.block(last.finished(block)))
            case .partial(var partial):
                partial.body = last.body
                append(.partial(partial))
            case .inline(let name):
                open[open.count - 1].body.inlines.append(TemplateBody.Inline(name: name, body: last.body))
            }
            if !last.isChained { return }
        }
    }
}

/// A block whose end has not come yet.
private struct OpenBlock {
    enum Kind {
        case root
        case block(TemplateBlock)
        case partial(TemplatePartial)
        case inline(String)
    }

    var kind: Kind
    let offset: Int
    /// What the closing tag must say.
    let name: String
    /// Opened by `{{else if}}`: it ends where the block around it ends.
    var isChained = false
    /// `{{else}}` has been there: `body` is what follows it.
    var isElse = false
    var body = TemplateBody()

    func finished(_ block: TemplateBlock) -> TemplateBlock {
        var block = block
        if isElse { block.inverse = body } else { block.body = body }
        return block
    }
}
