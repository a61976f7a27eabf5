// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import Glibc

/// Who asks a supervisor, and what it answers.
extension Supervisor {
    /// With more at once the oldest is not listened to any longer.
    private static let most = (control: 16, gateway: 16)
    private static let limits = (control: 1 << 16, gateway: 1 << 13)

    func addConversations(to poller: EventPoll, _ control: borrowing FileDescriptor) {
        let number = control.rawValue
        conversations.removeAll { now >= $0.deadline }
        poller.add(number) { [unowned self] in accept(number, isGateway: false) }
        if let gateway {
            let number = gateway.listener.rawValue
            poller.add(number) { [unowned self] in accept(number, isGateway: true) }
        }
        for conversation in conversations {
            poller.add(conversation.descriptor.rawValue, forWriting: conversation.isAnswering) { [unowned self] in
                if proceed(conversation) { conversations.removeAll { $0 === conversation } }
            }
        }
    }

    private func accept(_ listener: CInt, isGateway: Bool) {
        let descriptor = FileDescriptor(owning: listener)
        if let (connection, user) = Listener.accept(descriptor) {
            let conversation = Conversation(connection, isGateway: isGateway)
            // Whoever could replace the socket's directory still is not asked by whom he connects.
            if isGateway || user == 0 || user == geteuid() { add(conversation) }
        }
        _ = descriptor.release()
    }

    /// Who says nothing does not keep others out.
    private func add(_ conversation: Conversation) {
        let isGateway = conversation.isGateway
        let own = conversations.filter { $0.isGateway == isGateway }
        if own.count >= (isGateway ? Self.most.gateway : Self.most.control) {
            let oldest = own.first { !$0.isAnswering } ?? own[0]
            conversations.removeAll { $0 === oldest }
        }
        conversations.append(conversation)
    }

    /// True when it is over.
    private func proceed(_ conversation: Conversation) -> Bool {
        if conversation.isAnswering { return conversation.write() }
        let isGateway = conversation.isGateway
        guard conversation.read(limit: isGateway ? Self.limits.gateway : Self.limits.control) else { return true }
        if isGateway, let gateway, HTTPGateway.isWhole(conversation.request) {
            conversation.reply(gateway.answer(conversation.request, services))
        } else if !isGateway, let end = conversation.request.firstIndex(of: 0x0A) {
            conversation.reply(answer(Array(conversation.request[..<end])).jsonBytes(.compact))
        } else {
            return false
        }
        return conversation.write()
    }

    private func answer(_ line: [UInt8]) -> DocumentValue {
        guard let request = ControlRequest(line) else { return ["error": "no such request"] }
        if request == .sync {
            lookAtFiles()
            advanceAll()
        }
        return ["services": .array(services.map(\.status))]
    }
}
