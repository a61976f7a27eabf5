// SPDX-License-Identifier: Apache-2.0
//! The format @FORMAT@: the packages of an export, one a line, under a heading.

const std = @import("std");
const bio = @import("sdk/bio_export.zig");

const PackageList = struct {
    host: bio.Host,

    pub fn init(host: bio.Host) !PackageList {
        return .{ .host = host };
    }
    pub fn deinit(_: *PackageList) void {}

    fn fileName(job: *const bio.Job) []const u8 {
        return if (job.outputName().len == 0) "@NAME@.txt" else job.outputName();
    }

    pub fn validate(self: *PackageList, job: *const bio.Job) !void {
        if (std.mem.indexOfScalar(u8, job.text("heading"), '\n') == null) return;
        const subject = bio.Subject{ .option = "heading" };
        return self.host.refuse(bio.c.BIO_E_INVALID, subject, "the heading has more than one line", "leave the newline out");
    }

    pub fn plan(self: *PackageList, job: *const bio.Job) !void {
        try self.host.emit(.{ .kind = "package-list", .path = fileName(job), .media_type = "text/plain" });
    }

    pub fn run(self: *PackageList, job: *const bio.Job) !void {
        var out = try std.fs.openDirAbsolute(job.outDir(), .{});
        defer out.close();
        const file = try out.createFile(fileName(job), .{ .exclusive = true, .mode = 0o644 });
        defer file.close();
        try file.writer().print("{s}\n", .{job.text("heading")});
        for (job.packages()) |package| try file.writer().print("{s}\n", .{bio.view(package.ident)});
        try self.plan(job);
    }
};

const plugin = bio.Plugin(.{
    .id = "@ID@",
    .name = "@NAME@",
    .version = "0.1.0",
    .license = "@LICENSE@",
}, &.{.{
    .id = "@FORMAT@",
    .summary = "@SUMMARY@",
    .options = &.{.{
        .id = "heading",
        .kind = bio.c.BIO_KIND_STRING,
        .summary = "Begin with this line",
        .value_name = "TEXT",
        .default_value = "packages",
    }},
    .groups = &.{bio.c.BIO_GROUP_PACKAGES},
    .artifact_kinds = &.{"package-list"},
    .needs = &.{bio.c.BIO_EXT_FAIL},
    .flags = bio.c.BIO_FORMAT_REPRODUCIBLE | bio.c.BIO_FORMAT_STREAMABLE,
    .Exporter = PackageList,
}});

comptime {
    @export(plugin.entry, .{ .name = "bio_export_entry" });
}
