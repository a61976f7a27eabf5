// SPDX-License-Identifier: Apache-2.0
//! The mirror in Zig: writes the job as JSON.

const std = @import("std");
const bio = @import("sdk/bio_export.zig");
const Value = bio.Value;
const Member = Value.Member;

const kinds = [_][]const u8{ "unset", "bool", "int", "string", "path", "choice", "list", "compression" };
const sources = [_][]const u8{ "default", "command-line", "environment" };
const file_kinds = [_][]const u8{ "", "file", "directory", "symlink" };
const roles = [_]struct { u32, []const u8 }{
    .{ bio.c.BIO_PACKAGE_ROOT, "root" },               .{ bio.c.BIO_PACKAGE_BASE, "base" },
    .{ bio.c.BIO_PACKAGE_SERVICE, "service" },         .{ bio.c.BIO_PACKAGE_UNVERIFIED, "unverified" },
    .{ bio.c.BIO_PACKAGE_INSTALL_HOOK, "install-hook" }, .{ bio.c.BIO_PACKAGE_CLI, "cli" },
    .{ bio.c.BIO_PACKAGE_SUPERVISOR, "supervisor" },   .{ bio.c.BIO_PACKAGE_LAUNCHER, "launcher" },
    .{ bio.c.BIO_PACKAGE_SHELL, "shell" },             .{ bio.c.BIO_PACKAGE_CERTIFICATES, "certificates" },
};

fn text(raw: bio.c.bio_str) Value {
    return .{ .text = bio.view(raw) };
}

fn number(value: anytype) Value {
    return .{ .integer = @intCast(value) };
}

const Mirror = struct {
    host: bio.Host,
    arena: std.heap.ArenaAllocator,

    pub fn init(host: bio.Host) !Mirror {
        return .{ .host = host, .arena = std.heap.ArenaAllocator.init(bio.allocator) };
    }
    pub fn deinit(self: *Mirror) void {
        self.arena.deinit();
    }

    fn fileName(job: *const bio.Job) []const u8 {
        return if (job.outputName().len == 0) "mirror.json" else job.outputName();
    }

    pub fn validate(self: *Mirror, job: *const bio.Job) !void {
        if (job.text("refuse").len == 0) return;
        return self.host.refuse(100, .{ .option = "refuse" }, job.text("refuse"), "leave it out");
    }

    pub fn plan(self: *Mirror, job: *const bio.Job) !void {
        try self.host.emit(.{ .kind = "mirror", .path = fileName(job), .media_type = "application/json" });
    }

    pub fn run(self: *Mirror, job: *const bio.Job) !void {
        if (job.value("panic").integer != 0) return error.boom;
        const allocator = self.arena.allocator();
        var options = std.ArrayList(Value).init(allocator);
        for (job.options(), job.values()) |option, value| {
            try options.append(try self.map(&.{
                .{ "id", text(option.*.id) },
                .{ "kind", .{ .text = kinds[value.kind] } },
                .{ "source", .{ .text = sources[value.source] } },
                .{ "value", try self.valueOf(value) },
            }));
        }
        var roots = std.ArrayList(Value).init(allocator);
        for (job.roots()) |root| try roots.append(number(root));
        var packages = std.ArrayList(Value).init(allocator);
        for (job.packages(), 0..) |package, index| try packages.append(try self.packageOf(job, package, index));
        const document = try self.map(&.{
            .{ "format", .{ .text = "mirror" } },
            .{ "target", text(job.raw.target) },
            .{ "source_date_epoch", number(job.raw.source_date_epoch) },
            .{ "output_name", text(job.raw.output_name) },
            .{ "options", .{ .list = options.items } },
            .{ "roots", .{ .list = roots.items } },
            .{ "packages", .{ .list = packages.items } },
        });
        var out = try std.fs.openDirAbsolute(job.outDir(), .{});
        defer out.close();
        const file = try out.createFile(fileName(job), .{ .exclusive = true, .mode = 0o644 });
        defer file.close();
        try file.writeAll(try self.host.json(document));
        try self.plan(job);
    }

    /// A map that lasts as long as the exporter.
    fn map(self: *Mirror, members: []const Member) !Value {
        return .{ .map = try self.arena.allocator().dupe(Member, members) };
    }

    fn valueOf(self: *Mirror, value: bio.c.bio_value) !Value {
        switch (value.kind) {
            bio.c.BIO_KIND_UNSET => return .null,
            bio.c.BIO_KIND_BOOL => return .{ .boolean = value.integer != 0 },
            bio.c.BIO_KIND_INT => return number(value.integer),
            bio.c.BIO_KIND_LIST => {
                var list = std.ArrayList(Value).init(self.arena.allocator());
                for (bio.Job.list(value)) |item| try list.append(text(item));
                return .{ .list = list.items };
            },
            else => return text(value.text),
        }
    }

    /// Bytes as text: what is not printable ASCII, and %, as %XX.
    fn escaped(self: *Mirror, raw: bio.c.bio_str) !Value {
        var made = std.ArrayList(u8).init(self.arena.allocator());
        for (bio.view(raw)) |byte| {
            if (byte > 0x20 and byte < 0x7F and byte != '%') try made.append(byte) else try made.writer().print("%{X:0>2}", .{byte});
        }
        return .{ .text = made.items };
    }

    fn packageOf(self: *Mirror, job: *const bio.Job, package: *const bio.c.bio_package, index: usize) !Value {
        const allocator = self.arena.allocator();
        var flags = std.ArrayList(Value).init(allocator);
        for (roles) |role| {
            if (package.flags & role[0] != 0) try flags.append(.{ .text = role[1] });
        }
        var metadata = std.ArrayList(Member).init(allocator);
        for (0..package.metadata_count) |i| {
            try metadata.append(.{ bio.view(package.metadata[i].key), text(package.metadata[i].value) });
        }
        var dependencies = std.ArrayList(Value).init(allocator);
        for (job.dependencies(index)) |edge| {
            const kind: []const u8 = if (edge.kind == bio.c.BIO_EDGE_DIRECT) "direct" else "transitive";
            try dependencies.append(try self.map(&.{ .{ "package", number(edge.to) }, .{ "kind", .{ .text = kind } } }));
        }
        return self.map(&.{
            .{ "ident", text(package.ident) },
            .{ "target", text(package.target) },
            .{ "prefix", text(package.prefix) },
            .{ "artifact", text(package.artifact) },
            .{ "signer", text(package.signer) },
            .{ "requested", text(package.requested) },
            .{ "flags", .{ .list = flags.items } },
            .{ "installed_size", number(package.installed_size) },
            .{ "file_count", number(package.file_count) },
            .{ "metadata", .{ .map = metadata.items } },
            .{ "dependencies", .{ .list = dependencies.items } },
            .{ "files", .{ .list = try self.filesOf(@intCast(index)) } },
        });
    }

    fn filesOf(self: *Mirror, package: u32) ![]const Value {
        const allocator = self.arena.allocator();
        var files = std.ArrayList(Value).init(allocator);
        var room: [256]bio.c.bio_file = undefined;
        while (true) {
            const page = try self.host.files(package, files.items.len, &room);
            if (page.len == 0) return files.items;
            for (page) |file| {
                var members = std.ArrayList(Member).init(allocator);
                try members.append(.{ "path", try self.escaped(file.path) });
                try members.append(.{ "kind", .{ .text = file_kinds[file.kind] } });
                try members.append(.{ "mode", number(file.mode) });
                if (file.kind == bio.c.BIO_FILE_SYMLINK) try members.append(.{ "target", try self.escaped(file.link_target) });
                if (file.kind == bio.c.BIO_FILE_REGULAR) {
                    try members.append(.{ "size", number(file.size) });
                    try members.append(.{ "digest", try self.escaped(file.digest) });
                }
                try files.append(.{ .map = members.items });
            }
        }
    }
};

const plugin = bio.Plugin(.{
    .id = "org.example.mirror",
    .name = "mirror",
    .version = "0.1.0",
    .license = "Apache-2.0",
}, &.{.{
    .id = "mirror",
    .summary = "The job as JSON",
    .options = &.{
        .{ .id = "flag", .kind = bio.c.BIO_KIND_BOOL, .summary = "Be on" },
        .{ .id = "count", .kind = bio.c.BIO_KIND_INT, .summary = "So many", .value_name = "N", .default_value = "3", .maximum = 10 },
        .{ .id = "word", .kind = bio.c.BIO_KIND_STRING, .summary = "Say this", .value_name = "TEXT", .default_value = "hello" },
        .{ .id = "path", .kind = bio.c.BIO_KIND_PATH, .summary = "Name this file", .value_name = "FILE" },
        .{
            .id = "shape",
            .kind = bio.c.BIO_KIND_CHOICE,
            .summary = "Have this shape",
            .value_name = "NAME",
            .default_value = "round",
            .choices = &.{ .{ "round", "without corners" }, .{ "square", "with four" } },
        },
        .{ .id = "item", .kind = bio.c.BIO_KIND_LIST, .summary = "Hold this, too", .value_name = "TEXT" },
        .{ .id = "packing", .kind = bio.c.BIO_KIND_COMPRESSION, .summary = "Be packed so", .value_name = "NAME", .default_value = "gzip" },
        .{ .id = "refuse", .kind = bio.c.BIO_KIND_STRING, .summary = "Refuse with these words", .value_name = "TEXT" },
        .{ .id = "panic", .kind = bio.c.BIO_KIND_BOOL, .summary = "Fail as the language does" },
    },
    .groups = &.{bio.c.BIO_GROUP_PACKAGES},
    .artifact_kinds = &.{"mirror"},
    .needs = &.{ bio.c.BIO_EXT_FAIL, bio.c.BIO_EXT_FILES, bio.c.BIO_EXT_DOCUMENT },
    .flags = bio.c.BIO_FORMAT_REPRODUCIBLE | bio.c.BIO_FORMAT_STREAMABLE,
    .Exporter = Mirror,
}});

comptime {
    @export(plugin.entry, .{ .name = "bio_export_entry" });
}
