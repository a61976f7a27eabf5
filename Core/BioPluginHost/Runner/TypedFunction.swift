// SPDX-License-Identifier: Apache-2.0

import BioDocument
import CBioExport
import CFFI

/// A typed function of a loaded plugin, to be called with values that are known only now.
struct TypedFunction {
    private typealias AnyFunction =
        @convention(c) (UnsafePointer<bio_value>?, UInt32, UnsafePointer<bio_sink>) -> Int32

    let type: FunctionSignature
    // SAFETY: of the type that the signature says, or the plugin breaks its promise and this process with it.
    let address: @convention(c) () -> Void

    func call(_ values: [FunctionValue], sink: FunctionSink) -> FunctionAnswer {
        let texts = LastingMemory()
        // The host has looked already; here it keeps memory whole.
        guard type.takes(values) else { return .wrong("nothing: it was called with values of other types") }
        guard let types = type.arguments else { return callAny(values, texts, sink) }
        if let problem = bio_ffi_bind() { return .unavailable(String(cString: problem)) }
        let arguments = values.map { Self.bits($0, texts) }
        switch type.result {
        case .value(.text): return written(sink.collect { code(types, arguments, sink) })
        case .check: return checked(sink.collect { code(types, arguments, sink) })
        case .value(let scalar): return Self.value(invoke(types.map(\.ffi), arguments, scalar.ffi), scalar)
        }
    }

    // MARK: - Through libffi

    private func invoke(_ types: [bio_ffi_type], _ arguments: [UInt64], _ result: bio_ffi_type) -> UInt64 {
        var made: UInt64 = 0
        let isCalled = bio_ffi_call(address, result, types, arguments, arguments.count, &made)
        precondition(isCalled == 1, "a signature has at most \(FunctionSignature.mostArguments) arguments and a sink")
        return made
    }

    /// Calls a function that has a sink behind its arguments and returns a code.
    private func code(_ types: [FunctionSignature.Scalar], _ arguments: [UInt64], _ sink: FunctionSink) -> Int32 {
        let address = UInt64(UInt(bitPattern: sink.pointer))
        let made = invoke(types.map(\.ffi) + [BIO_FFI_POINTER], arguments + [address], BIO_FFI_INT32)
        return Int32(truncatingIfNeeded: made)
    }

    private static func bits(_ value: FunctionValue, _ texts: LastingMemory) -> UInt64 {
        switch value {
        case .bool(let value): value ? 1 : 0
        case .signed(let value): UInt64(bitPattern: value)
        case .unsigned(let value): value
        case .double(let value): value.bitPattern
        case .text(let text): UInt64(UInt(bitPattern: texts.one(texts.string(text))))
        }
    }

    private static func value(_ made: UInt64, _ scalar: FunctionSignature.Scalar) -> FunctionAnswer {
        switch scalar {
        case .bool:
            let word = UInt32(truncatingIfNeeded: made)
            return word < 2 ? .value(.bool(word == 1)) : .wrong("\(word), where 0 or 1 is a boolean")
        case .int32, .int64: return .value(.signed(Int64(bitPattern: made)))
        case .uint32, .uint64: return .value(.unsigned(made))
        case .double:
            let number = Double(bitPattern: made)
            return number.isFinite ? .value(.double(number)) : .wrong("\(number), which is no number")
        case .text: return .wrong("no text")
        }
    }

    // MARK: - Answers

    private func written(_ answer: (code: Int32, bytes: [UInt8])) -> FunctionAnswer {
        guard answer.code == BIO_OK else { return refused(answer) }
        guard let text = String(validating: answer.bytes, as: UTF8.self) else { return .wrong("no UTF-8") }
        return .value(.text(text))
    }

    private func checked(_ answer: (code: Int32, bytes: [UInt8])) -> FunctionAnswer {
        answer.code == BIO_OK ? .accepted : refused(answer)
    }

    private func refused(_ answer: (code: Int32, bytes: [UInt8])) -> FunctionAnswer {
        guard (1...999).contains(answer.code) else { return .wrong("the code \(answer.code), which is none") }
        return .refused(code: answer.code, why: String(decoding: answer.bytes.prefix(4096), as: UTF8.self))
    }

    // MARK: - Without libffi

    private func callAny(_ values: [FunctionValue], _ memory: LastingMemory, _ sink: FunctionSink) -> FunctionAnswer {
        let function = unsafeBitCast(address, to: AnyFunction.self)
        let raw = memory.array(values.map { Self.raw($0, memory) })
        return written(sink.collect { function(raw.map { UnsafePointer($0) }, UInt32(values.count), sink.pointer) })
    }

    private static func raw(_ value: FunctionValue, _ memory: LastingMemory) -> bio_value {
        var raw = bio_value()
        switch value {
        case .bool(let value):
            raw.kind = BIO_KIND_BOOL
            raw.integer = value ? 1 : 0
        case .signed(let value):
            raw.kind = BIO_KIND_INT
            raw.integer = value
        case .unsigned(let value): return Self.raw(.text("\(value)"), memory)
        case .double(let value): return Self.raw(.text(DocumentNumber(value)?.text ?? ""), memory)
        case .text(let text):
            raw.kind = BIO_KIND_STRING
            raw.text = memory.string(text)
        }
        return raw
    }
}

extension FunctionSignature.Scalar {
    fileprivate var ffi: bio_ffi_type {
        switch self {
        case .bool, .uint32: BIO_FFI_UINT32
        case .int32: BIO_FFI_INT32
        case .int64: BIO_FFI_INT64
        case .uint64: BIO_FFI_UINT64
        case .double: BIO_FFI_DOUBLE
        case .text: BIO_FFI_POINTER
        }
    }
}
