// SPDX-License-Identifier: Apache-2.0

package import BioDocument
import BioSystem

/// Amazon's registry service as far as it gives passwords; it works every signature out again
/// (Tests/Support/registries/amazon). It is gone when this object is, or when the test process is.
package final class AmazonService: Sendable {
    package static let access = "AKIDEXAMPLE"
    package static let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
    /// What it gives.
    package static let password = "sw0rdf1sh-of-amazon"

    /// `http://127.0.0.1:PORT`
    package let address: String
    private let directory: String
    private let process: AttachedProcess

    /// It wants requests for `region` by `service`, with `session` or without any; `answers` is what it says instead, one
    /// after the other: a status, or a body.
    package init(
        region: String = "eu-west-1", service: String = "ecr", session: String? = nil,
        target: String = "AmazonEC2ContainerRegistry_V20150921", answers: [DocumentValue] = []
    ) throws {
        let settings: DocumentValue = [
            "region": .string(region), "service": .string(service), "session": .optional(session),
            "target": .string("\(target).GetAuthorizationToken"), "access": .string(Self.access),
            "secret": .string(Self.secret), "password": .string(Self.password), "answers": .array(answers),
        ]
        directory = try TestDirectory.make("amazon")
        process = try AttachedProcess(
            [Repository.path("Tests/Support/registries/amazon"), directory, settings.json(.compact)],
            directory: directory, ready: "\(directory)/ready")
        address = "http://" + String(decoding: try contents(of: "\(directory)/ready"), as: UTF8.self)
    }

    /// A line for each request: `good`, or what was wrong with it.
    package func seen() throws -> String { String(decoding: try contents(of: "\(directory)/seen"), as: UTF8.self) }
}
