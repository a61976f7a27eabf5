// SPDX-License-Identifier: Apache-2.0

/// Makes the exports that an export asks for. Whoever knows plugins stands behind it; the services only ask.
package protocol ChildExports: AnyObject {
    /// What a child would make of the packages of `job`. The first step of every child.
    func plan(_ request: ChildRequest, of job: ExportJob) throws -> [Artifact]
    /// Makes what was planned, ready for its places.
    func make(_ request: ChildRequest) throws -> [Artifact]
    /// The image that a child would make of all packages.
    func image(_ request: ChildRequest, of job: ExportJob) throws -> ImageDraft
}
