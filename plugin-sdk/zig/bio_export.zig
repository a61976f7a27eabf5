// SPDX-License-Identifier: Apache-2.0
//
//! Export plugins for `bio` in Zig: a description that is known at compile time, and a type for each format.
//!
//!     const plugin = bio.Plugin(.{ .id = "org.example.nomad", … }, .{ .{ .id = "nomad", …, .Exporter = Nomad } });
//!     comptime {
//!         @export(plugin.entry, .{ .name = "bio_export_entry" });
//!     }
//!
//! An error that a phase returns ends the export with a reason: its own, when the code has called `host.refuse`. A panic
//! ends the plugin's process. What is not wrapped here is reached through `bio.c`, which is bio_export.h.

const std = @import("std");
pub const c = @cImport(@cInclude("bio_export.h"));

pub const allocator = std.heap.c_allocator;

/// What a phase may return; `Said` after a service of the host, or `refuse`, has said why.
pub const Said = error{Said};

pub fn view(text: c.bio_str) []const u8 {
    return if (text.len == 0) "" else text.ptr[0..text.len];
}

pub fn borrow(text: []const u8) c.bio_str {
    return .{ .ptr = text.ptr, .len = text.len };
}

/// An open struct, zero but for its size.
pub fn table(comptime T: type) T {
    var made = std.mem.zeroes(T);
    made.struct_size = @sizeOf(T);
    return made;
}

/// A copy of an open struct of the host: as many bytes as both sides know, the rest zero.
pub fn copied(comptime T: type, theirs: *const T) T {
    var made = std.mem.zeroes(T);
    const size = @min(theirs.struct_size, @sizeOf(T));
    @memcpy(std.mem.asBytes(&made)[0..size], @as([*]const u8, @ptrCast(theirs))[0..size]);
    return made;
}

fn items(comptime T: type, start: anytype, count: usize) []const T {
    return if (count == 0) &.{} else @as([*]const T, @ptrCast(start))[0..count];
}

// ---- Documents ----

/// A document that the host writes as JSON; maps keep their order.
pub const Value = union(enum) {
    null,
    boolean: bool,
    integer: i64,
    text: []const u8,
    list: []const Value,
    map: []const Member,

    pub const Member = struct { []const u8, Value };

    fn flatten(self: Value, key: []const u8, nodes: *std.ArrayList(c.bio_node)) error{OutOfMemory}!void {
        var node = std.mem.zeroes(c.bio_node);
        node.key = borrow(key);
        switch (self) {
            .null => node.kind = c.BIO_NODE_NULL,
            .boolean => |truth| {
                node.kind = c.BIO_NODE_BOOL;
                node.integer = @intFromBool(truth);
            },
            .integer => |number| {
                node.kind = c.BIO_NODE_INTEGER;
                node.integer = number;
            },
            .text => |text| {
                node.kind = c.BIO_NODE_STRING;
                node.text = borrow(text);
            },
            .list => |list| {
                node.kind = c.BIO_NODE_LIST;
                node.count = @intCast(list.len);
            },
            .map => |map| {
                node.kind = c.BIO_NODE_MAP;
                node.count = @intCast(map.len);
            },
        }
        try nodes.append(node);
        switch (self) {
            .list => |list| for (list) |item| try item.flatten("", nodes),
            .map => |map| for (map) |member| try member[1].flatten(member[0], nodes),
            else => {},
        }
    }
};

// ---- The host, and what one export is about ----

pub const Subject = union(enum) {
    none,
    option: []const u8,
    package: []const u8,
    path: []const u8,

    fn about(self: Subject) c.bio_str {
        return switch (self) {
            .none => borrow(""),
            .option, .package, .path => |text| borrow(text),
        };
    }
};

/// A service that is configured once, when it is exported.
pub const ServiceCall = struct {
    package: u32, // its index
    binds: []const c.bio_str = &.{}, // where binds lead, as the user writes it: database=10.0.0.7:5432
    configuration: []const u8 = "", // TOML over the package's default.toml
    configuration_name: []const u8 = "", // what messages call that
    group: []const u8 = "", // empty: default
};

/// What whoever starts the service must know: `raw` is bio_service, and it lives until the exporter ends.
pub const RenderedService = struct {
    raw: c.bio_service,

    /// `run` is among them.
    pub fn hooks(self: *const RenderedService) []const *const c.bio_hook {
        return items(*const c.bio_hook, self.raw.hooks, self.raw.hook_count);
    }
    /// Of its programs, PATH too.
    pub fn environment(self: *const RenderedService) []const c.bio_kv {
        return items(c.bio_kv, self.raw.environment, self.raw.environment_count);
    }
    /// Hooks that only a supervisor runs.
    pub fn leftOut(self: *const RenderedService) []const c.bio_str {
        return items(c.bio_str, self.raw.left_out, self.raw.left_out_count);
    }
};

pub const Artifact = struct {
    kind: []const u8,
    path: []const u8,
    media_type: []const u8 = "",
    form: u32 = c.BIO_FORM_FILE,
    role: u32 = c.BIO_ARTIFACT_PRIMARY,
};

pub const Host = struct {
    raw: *const c.bio_host,
    /// Of a reproducible format: BIO_ARTIFACT_REPRODUCIBLE.
    artifact_flags: u32,

    /// A service's table, BIO_EXT_…; null when this host does not have it.
    pub fn service(self: Host, comptime T: type, id: [:0]const u8) ?T {
        const find = self.raw.get_extension orelse return null;
        const found = find(self.raw, id.ptr) orelse return null;
        return copied(T, @ptrCast(@alignCast(found)));
    }

    fn checked(code: i32) Said!void {
        if (code == c.BIO_OK) return;
        last_code = code;
        return Said.Said;
    }

    /// Shows one line to the user.
    pub fn log(self: Host, level: u32, line: []const u8) void {
        const found = self.service(c.bio_log, c.BIO_EXT_LOG) orelse return;
        found.write.?(self.raw, level, &borrow(line));
    }

    pub fn emit(self: Host, artifact: Artifact) Said!void {
        var made = table(c.bio_artifact);
        made.flags = self.artifact_flags;
        made.form = artifact.form;
        made.role = artifact.role;
        made.kind = borrow(artifact.kind);
        made.media_type = borrow(artifact.media_type);
        made.path = borrow(artifact.path);
        try checked(self.raw.emit.?(self.raw, &made));
    }

    /// The entries of a package from number `first` on: as many as there are and `page` has room for.
    pub fn files(self: Host, package: u32, first: u64, page: []c.bio_file) Said![]const c.bio_file {
        const found = self.service(c.bio_files, c.BIO_EXT_FILES) orelse return self.unsupported();
        var count: u64 = 0;
        try checked(found.page.?(self.raw, package, first, page.ptr, page.len, &count));
        return page[0..count];
    }

    /// The text of a document, two blanks a level; it lives until the exporter ends.
    pub fn json(self: Host, value: Value) ![]const u8 {
        const found = self.service(c.bio_documents, c.BIO_EXT_DOCUMENT) orelse return self.unsupported();
        var nodes = std.ArrayList(c.bio_node).init(allocator);
        defer nodes.deinit();
        try value.flatten("", &nodes);
        var text = borrow("");
        try checked(found.write.?(self.raw, c.BIO_SYNTAX_JSON, nodes.items.ptr, nodes.items.len, &text));
        return view(text);
    }

    /// The text of a template, with the members of the map `context` filled in; it lives until the exporter ends. `name` is
    /// what messages call it, `subject` what it came from. Its format has BIO_EXT_TEMPLATE among its needs.
    pub fn render(self: Host, template: []const u8, name: []const u8, context: Value, subject: Subject) ![]const u8 {
        const found = self.service(c.bio_template, c.BIO_EXT_TEMPLATE) orelse return self.unsupported();
        const function = found.render orelse return self.unsupported();
        var source = table(c.bio_source);
        source.subject_kind = @intFromEnum(subject);
        source.subject = subject.about();
        source.name = borrow(name);
        source.text = borrow(template);
        var nodes = std.ArrayList(c.bio_node).init(allocator);
        defer nodes.deinit();
        try context.flatten("", &nodes);
        var text = borrow("");
        try checked(function(self.raw, &source, nodes.items.ptr, nodes.items.len, &text));
        return view(text);
    }

    /// Renders the configuration and the hooks of a service into a tree of bio_rootfs, below its directory.
    pub fn renderService(self: Host, call: ServiceCall, tree: c.bio_handle) Said!RenderedService {
        const found = self.service(c.bio_template, c.BIO_EXT_TEMPLATE) orelse return self.unsupported();
        const function = found.service orelse return self.unsupported();
        var raw = table(c.bio_service_call);
        raw.package = call.package;
        raw.bind_count = @intCast(call.binds.len);
        raw.binds = call.binds.ptr;
        raw.configuration = borrow(call.configuration);
        raw.configuration_name = borrow(call.configuration_name);
        raw.group = borrow(call.group);
        var made: [*c]const c.bio_service = null;
        try checked(function(self.raw, &raw, tree, &made));
        return .{ .raw = copied(c.bio_service, made) };
    }

    /// Says why the phase fails: `return host.refuse(c.BIO_E_INVALID, .{ .option = "heading" }, "…", "…")`.
    pub fn refuse(self: Host, code: i32, subject: Subject, message: []const u8, hint: []const u8) Said {
        var made = table(c.bio_error);
        made.code = code;
        made.subject_kind = @intFromEnum(subject);
        made.subject = subject.about();
        made.message = borrow(message);
        made.hint = borrow(hint);
        if (self.service(c.bio_fail, c.BIO_EXT_FAIL)) |found| _ = found.fail.?(self.raw, &made);
        last_code = code;
        return Said.Said;
    }

    fn unsupported(self: Host) Said {
        return self.refuse(c.BIO_E_UNSUPPORTED, .none, "this host lacks a service that the plugin uses", "");
    }
};

/// Of the phase that runs on this thread: what its last refusal said, or the host's service that failed last.
threadlocal var last_code: i32 = c.BIO_OK;

pub const Job = struct {
    raw: c.bio_job,
    graph: c.bio_graph,
    format: *const c.bio_format,

    pub fn outDir(self: *const Job) []const u8 {
        return view(self.raw.out_dir);
    }
    pub fn outputName(self: *const Job) []const u8 {
        return view(self.raw.output_name);
    }
    pub fn packages(self: *const Job) []const *const c.bio_package {
        return items(*const c.bio_package, self.graph.packages, self.graph.package_count);
    }
    pub fn roots(self: *const Job) []const u32 {
        return items(u32, self.graph.roots, self.graph.root_count);
    }
    /// What a package needs: `to` is an index of packages().
    pub fn dependencies(self: *const Job, package: usize) []const c.bio_edge {
        const starts = items(u32, self.graph.edge_starts, self.graph.package_count + 1);
        return items(c.bio_edge, self.graph.edges, self.graph.edge_count)[starts[package]..starts[package + 1]];
    }
    pub fn options(self: *const Job) []const *const c.bio_option {
        return items(*const c.bio_option, self.format.options, self.format.option_count);
    }
    pub fn values(self: *const Job) []const c.bio_value {
        return items(c.bio_value, self.raw.values, self.raw.value_count);
    }
    /// The value of an option of this format, by id.
    pub fn value(self: *const Job, id: []const u8) c.bio_value {
        for (self.options(), self.values()) |option, found| {
            if (std.mem.eql(u8, view(option.id), id)) return found;
        }
        @panic("the plugin asks for an option that it lacks");
    }
    pub fn text(self: *const Job, id: []const u8) []const u8 {
        return view(self.value(id).text);
    }
    pub fn list(raw: c.bio_value) []const c.bio_str {
        return items(c.bio_str, raw.items, raw.item_count);
    }
};

// ---- What a plugin offers ----

pub const Option = struct {
    id: []const u8,
    kind: u32,
    summary: []const u8,
    doc: []const u8 = "",
    value_name: []const u8 = "",
    default_value: []const u8 = "",
    environment: []const u8 = "", // a variable that may give the value: BIO_EXPORT_…
    aliases: []const []const u8 = &.{}, // other spellings of id
    choices: []const [2][]const u8 = &.{}, // each value and what it means
    minimum: i64 = 0,
    maximum: i64 = 0,
    flags: u32 = 0,
};

pub const Format = struct {
    id: []const u8,
    summary: []const u8,
    doc: []const u8 = "",
    aliases: []const []const u8 = &.{},
    options: []const Option = &.{},
    groups: []const []const u8 = &.{},
    artifact_kinds: []const []const u8,
    needs: []const [:0]const u8 = &.{},
    flags: u32 = c.BIO_FORMAT_REPRODUCIBLE,
    /// Has `init(Host) !@This()`, `deinit(*@This()) void`, and `validate`, `plan` and `run`, each of them
    /// `(*@This(), *const Job) !void`.
    Exporter: type,
};

pub const Description = struct {
    id: []const u8,
    name: []const u8,
    version: []const u8,
    license: []const u8,
    vendor: []const u8 = "",
    url: []const u8 = "",
};

fn texts(comptime list: anytype) []const c.bio_str {
    comptime {
        var made: [list.len]c.bio_str = undefined;
        for (list, 0..) |text, i| made[i] = borrow(text);
        const kept = made;
        return &kept;
    }
}

fn optionTable(comptime option: Option) *const c.bio_option {
    comptime {
        var pairs: [option.choices.len]c.bio_kv = undefined;
        for (option.choices, 0..) |pair, i| pairs[i] = .{ .key = borrow(pair[0]), .value = borrow(pair[1]) };
        const choices = pairs;
        var made = table(c.bio_option);
        made.flags = option.flags;
        made.kind = option.kind;
        made.id = borrow(option.id);
        made.summary = borrow(option.summary);
        made.value_name = borrow(option.value_name);
        made.default_value = borrow(option.default_value);
        made.doc = borrow(option.doc);
        made.environment = borrow(option.environment);
        const aliases = texts(option.aliases);
        made.aliases = aliases.ptr;
        made.alias_count = aliases.len;
        made.choices = &choices;
        made.choice_count = choices.len;
        made.minimum = option.minimum;
        made.maximum = option.maximum;
        const kept = made;
        return &kept;
    }
}

/// The tables of a format, and the functions that the host enters.
fn Entered(comptime format: Format) type {
    return struct {
        const Life = struct {
            table: c.bio_exporter, // first: a *c.bio_exporter is a *Life
            host: Host,
            exporter: format.Exporter,
        };

        const options = blk: {
            var made: [format.options.len]*const c.bio_option = undefined;
            for (format.options, 0..) |option, i| made[i] = optionTable(option);
            break :blk made;
        };
        const aliases = texts(format.aliases);
        const groups = texts(format.groups);
        const kinds = texts(format.artifact_kinds);
        const needs = texts(format.needs);

        const formatTable: c.bio_format = blk: {
            var made = table(c.bio_format);
            made.flags = format.flags;
            made.id = borrow(format.id);
            made.summary = borrow(format.summary);
            made.doc = borrow(format.doc);
            made.option_count = options.len;
            made.options = @ptrCast(&options);
            made.alias_count = aliases.len;
            made.aliases = aliases.ptr;
            made.group_count = groups.len;
            made.groups = groups.ptr;
            made.artifact_kind_count = kinds.len;
            made.artifact_kinds = kinds.ptr;
            made.need_count = needs.len;
            made.needs = needs.ptr;
            made.create = create;
            break :blk made;
        };

        /// The code for an error, which has a reason in any case.
        fn failed(host: Host, err: anyerror) i32 {
            defer last_code = c.BIO_OK;
            if (err == Said.Said) return if (last_code != c.BIO_OK) last_code else c.BIO_E_FAILED;
            var message: [256]u8 = undefined;
            const text = std.fmt.bufPrint(&message, "the plugin failed: {s}", .{@errorName(err)}) catch "";
            host.refuse(c.BIO_E_FAILED, .none, text, "tell its author") catch {};
            return c.BIO_E_FAILED;
        }

        fn create(_: [*c]const c.bio_format, raw: [*c]const c.bio_host, out: [*c][*c]c.bio_exporter) callconv(.C) i32 {
            const is_reproducible = format.flags & c.BIO_FORMAT_REPRODUCIBLE != 0;
            const host = Host{ .raw = raw, .artifact_flags = if (is_reproducible) c.BIO_ARTIFACT_REPRODUCIBLE else 0 };
            last_code = c.BIO_OK;
            inline for (format.needs) |need| {
                const lacking = raw.*.get_extension.?(raw, need.ptr) == null;
                if (lacking) return failed(host, host.refuse(c.BIO_E_UNSUPPORTED, .none, "this host does not offer " ++ need, "use a newer bio"));
            }
            const life = allocator.create(Life) catch
                return failed(host, host.refuse(c.BIO_E_LIMIT, .none, "there is not enough memory", "give bio more memory"));
            life.host = host;
            life.exporter = format.Exporter.init(host) catch |err| {
                allocator.destroy(life);
                return failed(host, err);
            };
            life.table = table(c.bio_exporter);
            life.table.validate = validate;
            life.table.plan = plan;
            life.table.run = run;
            life.table.destroy = destroy;
            out.* = &life.table;
            return c.BIO_OK;
        }

        fn enter(comptime phase: anytype, exporter: *c.bio_exporter, raw: *const c.bio_job) i32 {
            last_code = c.BIO_OK;
            const life: *Life = @fieldParentPtr("table", @as(*c.bio_exporter, exporter));
            const theirs = copied(c.bio_job, raw);
            const job = Job{ .raw = theirs, .graph = copied(c.bio_graph, theirs.graph), .format = &formatTable };
            phase(&life.exporter, &job) catch |err| return failed(life.host, err);
            return c.BIO_OK;
        }
        fn validate(exporter: [*c]c.bio_exporter, job: [*c]const c.bio_job) callconv(.C) i32 {
            return enter(format.Exporter.validate, exporter, job);
        }
        fn plan(exporter: [*c]c.bio_exporter, job: [*c]const c.bio_job) callconv(.C) i32 {
            return enter(format.Exporter.plan, exporter, job);
        }
        fn run(exporter: [*c]c.bio_exporter, job: [*c]const c.bio_job) callconv(.C) i32 {
            return enter(format.Exporter.run, exporter, job);
        }
        fn destroy(exporter: [*c]c.bio_exporter) callconv(.C) void {
            const life: *Life = @fieldParentPtr("table", @as(*c.bio_exporter, exporter));
            life.exporter.deinit();
            allocator.destroy(life);
        }
    };
}

/// The plugin of a description and its formats; `entry` is to be exported as bio_export_entry.
pub fn Plugin(comptime description: Description, comptime formats: []const Format) type {
    return struct {
        const formatTables = blk: {
            var made: [formats.len]*const c.bio_format = undefined;
            for (formats, 0..) |format, i| made[i] = &Entered(format).formatTable;
            break :blk made;
        };
        const pluginTable: c.bio_plugin = blk: {
            var made = table(c.bio_plugin);
            made.abi = c.BIO_ABI_1_0;
            made.abi_built = c.BIO_ABI_VERSION;
            made.abi_needed = c.BIO_ABI_1_0;
            made.id = borrow(description.id);
            made.name = borrow(description.name);
            made.version = borrow(description.version);
            made.vendor = borrow(description.vendor);
            made.license = borrow(description.license);
            made.url = borrow(description.url);
            made.format_count = formatTables.len;
            made.formats = @ptrCast(&formatTables);
            break :blk made;
        };

        pub fn entry(theirs: *const c.bio_negotiation, out: *[*c]const c.bio_plugin) callconv(.C) i32 {
            if (theirs.abi_max < c.BIO_ABI_1_0) return c.BIO_E_NEWER;
            out.* = &pluginTable;
            return c.BIO_OK;
        }
    };
}
