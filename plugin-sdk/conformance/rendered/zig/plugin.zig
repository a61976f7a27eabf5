// SPDX-License-Identifier: Apache-2.0
//! A text and a service, rendered by the host, in Zig.

const std = @import("std");
const bio = @import("sdk/bio_export.zig");
const Value = bio.Value;

fn text(raw: bio.c.bio_str) Value {
    return .{ .text = bio.view(raw) };
}

const Rendered = struct {
    host: bio.Host,
    arena: std.heap.ArenaAllocator,

    pub fn init(host: bio.Host) !Rendered {
        return .{ .host = host, .arena = std.heap.ArenaAllocator.init(bio.allocator) };
    }
    pub fn deinit(self: *Rendered) void {
        self.arena.deinit();
    }

    pub fn validate(_: *Rendered, _: *const bio.Job) !void {}

    pub fn plan(self: *Rendered, _: *const bio.Job) !void {
        try self.host.emit(.{ .kind = "rendered", .path = "rendered.json", .media_type = "application/json" });
        try self.host.emit(.{
            .kind = "rendered-tree",
            .path = "rendered.tar",
            .media_type = "application/x-tar",
            .role = bio.c.BIO_ARTIFACT_SIDECAR,
        });
    }

    pub fn run(self: *Rendered, job: *const bio.Job) !void {
        const root = job.roots()[0];
        const context = Value{ .map = &.{
            .{ "package", text(job.packages()[root].name) },
            .{ "port", .{ .integer = 6379 } },
            .{ "tags", .{ .list = &.{ .{ .text = "a" }, .{ .text = "b" } } } },
            .{ "on", .{ .boolean = true } },
        } };
        const shown = try self.host.render(job.text("template"), "the template", context, .{ .option = "template" });

        const trees = self.host.service(bio.c.bio_rootfs, bio.c.BIO_EXT_ROOTFS) orelse return error.NoTrees;
        const archives = self.host.service(bio.c.bio_archive, bio.c.BIO_EXT_ARCHIVE) orelse return error.NoArchives;
        var tree: bio.c.bio_handle = 0;
        if (trees.begin.?(self.host.raw, &tree) != bio.c.BIO_OK) return error.NoTree;
        const service = try self.host.renderService(.{
            .package = root,
            .binds = bio.Job.list(job.value("bind")),
            .configuration = "greeting = \"made\"\n",
            .configuration_name = "made.toml",
            .group = "blue",
        }, tree);
        try self.write(job, shown, &service);
        var written = bio.table(bio.c.bio_written);
        const code = archives.write.?(self.host.raw, tree, &bio.borrow("rendered.tar"), &bio.borrow("none"), &written);
        if (code != bio.c.BIO_OK) return error.NoArchive;
        try self.plan(job);
    }

    fn write(self: *Rendered, job: *const bio.Job, shown: []const u8, service: *const bio.RenderedService) !void {
        const allocator = self.arena.allocator();
        var hooks = std.ArrayList(Value).init(allocator);
        for (service.hooks()) |hook| {
            const members = try allocator.dupe(Value.Member, &.{
                .{ "name", text(hook.name) }, .{ "path", text(hook.path) }, .{ "interpreter", text(hook.interpreter) },
            });
            try hooks.append(.{ .map = members });
        }
        var environment = std.ArrayList(Value.Member).init(allocator);
        for (service.environment()) |pair| try environment.append(.{ bio.view(pair.key), text(pair.value) });
        var left_out = std.ArrayList(Value).init(allocator);
        for (service.leftOut()) |name| try left_out.append(text(name));
        const document = try self.host.json(.{ .map = &.{
            .{ "text", .{ .text = shown } },
            .{ "directory", text(service.raw.directory) },
            .{ "user", text(service.raw.user) },
            .{ "group", text(service.raw.group) },
            .{ "stop_signal", text(service.raw.stop_signal) },
            .{ "stop_seconds", .{ .integer = service.raw.stop_seconds } },
            .{ "hooks", .{ .list = hooks.items } },
            .{ "environment", .{ .map = environment.items } },
            .{ "left_out", .{ .list = left_out.items } },
        } });
        var out = try std.fs.openDirAbsolute(job.outDir(), .{});
        defer out.close();
        const file = try out.createFile("rendered.json", .{ .exclusive = true, .mode = 0o644 });
        defer file.close();
        try file.writeAll(document);
    }
};

const plugin = bio.Plugin(.{
    .id = "org.example.rendered",
    .name = "rendered",
    .version = "0.1.0",
    .license = "Apache-2.0",
}, &.{.{
    .id = "rendered",
    .summary = "What the host renders",
    .options = &.{
        .{ .id = "template", .kind = bio.c.BIO_KIND_STRING, .summary = "Render this", .value_name = "TEXT", .default_value = "{{package}} on {{port}}" },
        .{ .id = "bind", .kind = bio.c.BIO_KIND_LIST, .summary = "Bind the service so", .value_name = "NAME=HOST:PORT" },
    },
    .groups = &.{bio.c.BIO_GROUP_PACKAGES},
    .artifact_kinds = &.{ "rendered", "rendered-tree" },
    .needs = &.{ bio.c.BIO_EXT_FAIL, bio.c.BIO_EXT_DOCUMENT, bio.c.BIO_EXT_ROOTFS, bio.c.BIO_EXT_ARCHIVE, bio.c.BIO_EXT_TEMPLATE },
    .Exporter = Rendered,
}});

comptime {
    @export(plugin.entry, .{ .name = "bio_export_entry" });
}
