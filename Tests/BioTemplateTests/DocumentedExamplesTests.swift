// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioTemplate
import Testing

/// The examples of Habitat's "Developing Packages", by section, with what they render to. Where the document has a slip
/// (a missing brace, a value TOML does not know, a table beside the one shown) the example is written as it was meant.
@Suite struct DocumentedExamplesTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let section: String
        let template: String
        /// TOML that becomes `cfg`.
        var cfg = ""
        /// JSON with the other members of the context.
        var context = "{}"
        let result: String
        var testDescription: String { section }
    }

    static let members = """
        {"svc": {"me": {"follower": true}, "leader": {"sys": {"ip": "10.0.0.9"}, "cfg": {"port": 6379}},
          "members": [{"sys": {"ip": "10.0.0.1"}}, {"sys": {"ip": "10.0.0.2"}}]},
         "bind": {"database": {"members": [
            {"alive": true, "sys": {"ip": "10.0.1.1"}, "cfg": {"port": 5432, "ssl-port": 5433}},
            {"alive": false, "sys": {"ip": "10.0.1.2"}, "cfg": {"port": 5432, "ssl-port": 5433}},
            {"alive": true, "sys": {"ip": "10.0.1.3"}, "cfg": {"port": 5434, "ssl-port": 5435}}]}}}
        """

    static let examples = [
        Example(
            section: "Configuration Templates: a tag", template: "{{a_variable}}", context: #"{"a_variable": "value"}"#,
            result: "value"),
        Example(
            section: "Configuration Templates: a variable", template: "recv_buffer {{cfg.recv_buffer}}\n",
            cfg: "recv_buffer = 128", result: "recv_buffer 128\n"),
        Example(
            section: "Configuration Templates: a path of the package", template: "{{pkg.svc_config_path}}/redis.conf",
            context: #"{"pkg": {"svc_config_path": "/hab/svc/redis/config"}}"#,
            result: "/hab/svc/redis/config/redis.conf"),
        Example(
            section: "Built-in Helpers: each and the parent context",
            template: "{{#each svc.members ~}}\n  server {{sys.ip}}:{{../cfg.port}}\n{{/each}}\n", cfg: "port = 80",
            context: members, result: "server 10.0.0.1:80\nserver 10.0.0.2:80\n"),
        Example(
            section: "Built-in Helpers: if",
            template: "{{#if cfg.unixsocket ~}}\nunixsocket {{cfg.unixsocket}}\n{{/if ~}}\n",
            cfg: #"unixsocket = "/run/redis""#, result: "unixsocket /run/redis\n"),
        Example(
            section: "Built-in Helpers: if, not set",
            template: "{{#if cfg.unixsocket ~}}\nunixsocket {{cfg.unixsocket}}\n{{/if ~}}\n",
            cfg: #"unixsocket = """#, result: ""),
        Example(
            section: "Built-in Helpers: with",
            template: """
                {{#with cfg.repl ~}}
                  repl-backlog-size {{backlog-size}}
                  repl-backlog-ttl {{backlog-ttl}}
                  repl-disable-tcp-nodelay {{disable-tcp-nodelay}}
                {{/with ~}}

                """,
            cfg: "[repl]\nbacklog-size = 200\nbacklog-ttl = 100\ndisable-tcp-nodelay = \"no\"",
            result: "repl-backlog-size 200\n  repl-backlog-ttl 100\n  repl-disable-tcp-nodelay no\n"),
        Example(
            section: "Built-in Helpers: if and with in redis.config",
            template: "{{#if svc.me.follower ~}}\n  slaveof {{svc.leader.sys.ip}} {{svc.leader.cfg.port}}\n{{/if ~}}\n",
            context: members, result: "slaveof 10.0.0.9 6379\n"),
        Example(
            section: "Built-in Helpers: each with a block parameter",
            template: """
                {{#each cfg.servers as |server| ~}}
                server {
                  host {{server.host}}
                  port {{server.port}}
                }
                {{/each ~}}

                """,
            cfg: "[[servers]]\nhost = \"host-1\"\nport = 4545\n\n[[servers]]\nhost = \"host-2\"\nport = 3434",
            result: "server {\n  host host-1\n  port 4545\n}\nserver {\n  host host-2\n  port 3434\n}\n"),
        Example(
            section: "Built-in Helpers: each with @key and this",
            template: "{{#each cfg.env ~}}\n  export {{toUppercase @key}}={{this}}\n{{/each ~}}\n",
            cfg: "[env]\nlang = \"C\"\nport = 80", result: "export LANG=C\nexport PORT=80\n"),
        Example(
            section: "Built-in Helpers: @first",
            template: """
                "mongo": {
                  {{#each bind.database.members as |member| ~}}
                    {{#if @first ~}}
                      "host" : "{{member.sys.ip}}",
                      "port" : "{{member.cfg.port}}"
                    {{/if ~}}
                  {{/each ~}}
                }

                """,
            context: members,
            result: "\"mongo\": {\n\"host\" : \"10.0.1.1\",\n      \"port\" : \"5432\"\n}\n"),
        Example(
            section: "Built-in Helpers: @last in eachAlive",
            template: """
                [{{#eachAlive bind.database.members as |member| ~}}
                  "{{member.sys.ip}}"
                  {{#unless @last ~}}, {{/unless ~}}
                {{/eachAlive ~}}]
                """,
            context: members, result: "[\"10.0.1.1\"\n  , \"10.0.1.3\"\n  ]"),
        Example(
            section: "toLowercase Helper", template: #"my_value={{toLowercase "UPPER-CASE"}}"#,
            result: "my_value=upper-case"),
        Example(
            section: "toUppercase Helper", template: #"my_value={{toUppercase "lower-case"}}"#,
            result: "my_value=LOWER-CASE"),
        Example(
            section: "strReplace Helper", template: #"my_value={{strReplace "this is old" "old" "new"}}"#,
            result: "my_value=this is new"),
        Example(
            section: "pkgPathFor Helper", template: #"export JAVA_HOME={{pkgPathFor "core/jre8"}}"#,
            result: "export JAVA_HOME=/hab/pkgs/core/jre8/8u131/20170622181030"),
        Example(
            section: "pkgPathFor Helper: a file", template: #"{{pkgPathFor "core/nginx"}}/config/fastcgi.conf"#,
            result: "/config/fastcgi.conf"),
        Example(
            section: "eachAlive Helper",
            template: """
                {{~#eachAlive bind.database.members as |member|}}
                server ip {{member.sys.ip}}:{{member.cfg.port}}
                {{~/eachAlive}}
                """,
            context: members, result: "server ip 10.0.1.1:5432server ip 10.0.1.3:5434"),
        Example(
            section: "toJson Helper", template: "{{toJson cfg.web}}",
            cfg: """
                [web]

                [[web.servers]]
                host = "host-1"
                port = 4545

                [[web.servers]]
                host = "host-2"
                port = 3434
                """,
            result: """
                {
                  "servers": [
                    {
                      "host": "host-1",
                      "port": 4545
                    },
                    {
                      "host": "host-2",
                      "port": 3434
                    }
                  ]
                }
                """),
        Example(
            section: "toToml Helper", template: "{{toToml cfg.web}}", cfg: "[web]\n\nport = 80", result: "port = 80\n"),
        Example(
            section: "toYaml Helper", template: "{{toYaml cfg}}", cfg: "[web]\n\nport = 80",
            result: "---\nweb:\n  port: 80\n"),
        Example(
            section: "strJoin Helper", template: #"{{strJoin cfg.web.list ","}}"#,
            cfg: "[web]\nlist = [\"foo\", \"bar\", \"baz\"]", result: "foo,bar,baz"),
        Example(
            section: "strJoin Helper: a list of the context", template: #"{{strJoin list ","}}"#,
            context: #"{"list": ["foo", "bar", "baz"]}"#, result: "foo,bar,baz"),
        Example(
            section: "strJoin Helper: the variables in an object", template: #"{{strJoin cfg.web.list "/"}}"#,
            cfg: "[web]\nlist = [\"foo\", \"bar\"]", result: "foo/bar"),
        Example(
            section: "strConcat Helper", template: #"{{strConcat "foo" "bar" "baz"}}"#, result: "foobarbaz"),
        Example(
            section: "strConcat Helper: a list", template: "{{strConcat cfg.web.list}}",
            cfg: "[web]\nlist = [\"foo\", \"bar\"]", result: "foobar"),
        Example(
            section: "Consumer's Configuration Example",
            template: """
                {{~#eachAlive bind.database.members as |member|}}
                  database = "{{member.sys.ip}}:{{member.cfg.port}}"
                  database-secure = "{{member.sys.ip}}:{{member.cfg.ssl-port}}"
                {{~/eachAlive}}
                """,
            context: members,
            result: """
                  database = "10.0.1.1:5432"
                  database-secure = "10.0.1.1:5433"  database = "10.0.1.3:5434"
                  database-secure = "10.0.1.3:5435"
                """),
    ]

    static let functions = TemplateFunctions.standard.adding(
        "pkgPathFor", TemplateSignature(.init("ident", .string))
    ) { (arguments: [DocumentValue]) throws(TemplateFunctionError) -> DocumentValue in
        arguments[0] == "core/jre8" ? "/hab/pkgs/core/jre8/8u131/20170622181030" : ""
    }

    @Test(arguments: examples) func rendersAsDocumented(_ example: Example) throws {
        var context = try #require(DocumentValue(json: example.context).object)
        context["cfg"] = try TOMLDocument(parsing: example.cfg).value
        let template = try Template(parsing: example.template, name: example.section)
        #expect(try template.render(.object(context), functions: Self.functions) == example.result)
    }

    /// "You cannot join an object", "You cannot concatenate an object".
    @Test(arguments: ["{{strJoin web \",\"}}", "{{strConcat web}}"])
    func tablesAreNotJoined(_ text: String) throws {
        let template = try Template(parsing: text, name: "t")
        #expect(throws: TemplateError.self) { try template.render(["web": ["list": ["a"]]]) }
    }
}
