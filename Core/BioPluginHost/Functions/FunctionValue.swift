// SPDX-License-Identifier: Apache-2.0

/// A value that goes into a typed function or comes out of one.
package enum FunctionValue: Hashable, Sendable {
    case bool(Bool)
    /// i32, i64
    case signed(Int64)
    /// u32, u64
    case unsigned(UInt64)
    case double(Double)
    case text(String)

    /// All texts of a call together, and what a function writes.
    package static let mostBytes = 64 << 10

    func write(to frame: inout FrameWriter) {
        switch self {
        case .bool(let value):
            frame.u8(1)
            frame.bool(value)
        case .signed(let value):
            frame.u8(2)
            frame.i64(value)
        case .unsigned(let value):
            frame.u8(3)
            frame.u64(value)
        case .double(let value):
            frame.u8(4)
            frame.u64(value.bitPattern)
        case .text(let value):
            frame.u8(5)
            frame.text(value)
        }
    }

    init(from frame: inout FrameReader) throws(FrameError) {
        let kind = try frame.u8()
        switch kind {
        case 1: self = .bool(try frame.bool("boolean of a function"))
        case 2: self = .signed(try frame.i64())
        case 3: self = .unsigned(try frame.u64())
        case 4:
            let bits = try frame.u64()
            guard Double(bitPattern: bits).isFinite else { throw .unknown(field: "number of a function", value: bits) }
            self = .double(Double(bitPattern: bits))
        case 5: self = .text(try frame.text("text of a function"))
        default: throw .unknown(field: "value of a function", value: UInt64(kind))
        }
    }

    /// Whether it is of that type and within its range.
    func fits(_ type: FunctionSignature.Scalar) -> Bool {
        switch (self, type) {
        case (.bool, .bool), (.signed, .int64), (.unsigned, .uint64), (.text, .text): true
        case (.signed(let value), .int32): Int32(exactly: value) != nil
        case (.unsigned(let value), .uint32): UInt32(exactly: value) != nil
        case (.double(let value), .double): value.isFinite
        default: false
        }
    }
}

/// What came of a call of a typed function.
package enum FunctionAnswer: Hashable, Sendable {
    case value(FunctionValue)
    /// A check is content.
    case accepted
    /// It returned a code, and what it wrote.
    case refused(code: Int32, why: String)
    /// What it returned is none of its type.
    case wrong(String)
    /// It could not be called, for want of a library.
    case unavailable(String)

    func write(to frame: inout FrameWriter) {
        switch self {
        case .value(let value):
            frame.u8(1)
            value.write(to: &frame)
        case .accepted: frame.u8(2)
        case .refused(let code, let why):
            frame.u8(3)
            frame.i32(code)
            frame.text(why)
        case .wrong(let text):
            frame.u8(4)
            frame.text(text)
        case .unavailable(let text):
            frame.u8(5)
            frame.text(text)
        }
    }

    init(from frame: inout FrameReader) throws(FrameError) {
        let kind = try frame.u8()
        switch kind {
        case 1: self = .value(try FunctionValue(from: &frame))
        case 2: self = .accepted
        case 3: self = .refused(code: try frame.i32(), why: try frame.text("reason of a function"))
        case 4: self = .wrong(try frame.text("result of a function"))
        case 5: self = .unavailable(try frame.text("library"))
        default: throw .unknown(field: "answer of a function", value: UInt64(kind))
        }
    }

    /// Whether a function of that type can have answered so.
    func fits(_ type: FunctionSignature) -> Bool {
        switch (self, type.result) {
        case (.value(let value), .value(let scalar)): value.fits(scalar)
        case (.accepted, .check): true
        case (.refused(let code, _), .check), (.refused(let code, _), .value(.text)): code != 0
        case (.wrong, _), (.unavailable, _): true
        default: false
        }
    }
}
