// SPDX-License-Identifier: Apache-2.0

//! The mirror in Rust: writes the job as JSON.

use bio_export::{
    abi, export_plugin, Artifact, Exporter, Failure, File, Format, Host, Job, Opt, Package, Plugin, Source, Subject, Value,
    Values,
};

const OPTIONS: [&str; 9] = ["flag", "count", "word", "path", "shape", "item", "packing", "refuse", "panic"];

struct Mirror;

fn file_name<'a>(job: &'a Job) -> &'a str {
    if job.output_name().is_empty() { "mirror.json" } else { job.output_name() }
}

/// Bytes as text: what is not printable ASCII, and %, as %XX.
fn escaped(bytes: &[u8]) -> String {
    let plain = |byte: u8| byte > 0x20 && byte < 0x7F && byte != b'%';
    bytes.iter().map(|byte| if plain(*byte) { (*byte as char).to_string() } else { format!("%{:02X}", byte) }).collect()
}

fn value_of(value: &Values) -> Value {
    match value.kind() {
        0 => Value::Null,
        1 => Value::Bool(value.integer() != 0),
        2 => Value::Integer(value.integer()),
        6 => Value::List(value.list().into_iter().map(Value::from).collect()),
        _ => value.text().into(),
    }
}

fn option_of(job: &Job, id: &str) -> Result<Value, Failure> {
    let value = job.values(id)?;
    let kinds = ["unset", "bool", "int", "string", "path", "choice", "list", "compression"];
    let source = match value.source() {
        Source::Default => "default",
        Source::CommandLine => "command-line",
        Source::Environment => "environment",
    };
    let kind = kinds[value.kind() as usize];
    Ok(Value::map([("id", id.into()), ("kind", kind.into()), ("source", source.into()), ("value", value_of(&value))]))
}

fn flags_of(flags: u32) -> Value {
    let names = [
        (0, "root"), (1, "base"), (2, "service"), (3, "unverified"), (4, "install-hook"), (8, "cli"),
        (9, "supervisor"), (10, "launcher"), (11, "shell"), (12, "certificates"),
    ];
    Value::List(names.iter().filter(|(bit, _)| flags & (1 << bit) != 0).map(|(_, name)| (*name).into()).collect())
}

fn file_of(file: &File) -> Value {
    let kind = ["", "file", "directory", "symlink"][file.kind as usize];
    let mut members = vec![
        ("path".to_string(), Value::Text(escaped(&file.path))),
        ("kind".to_string(), kind.into()),
        ("mode".to_string(), Value::Integer(file.mode as i64)),
    ];
    if file.kind == 3 {
        members.push(("target".to_string(), Value::Text(escaped(&file.link_target))));
    }
    if file.kind == 1 {
        members.push(("size".to_string(), Value::Integer(file.size as i64)));
        members.push(("digest".to_string(), file.digest.as_str().into()));
    }
    Value::Map(members)
}

fn package_of(host: &Host, job: &Job, package: &Package) -> Result<Value, Failure> {
    let metadata = package.metadata().into_iter().map(|(key, value)| (key.to_string(), value.into())).collect();
    let dependencies = job.dependencies(package.index).into_iter().map(|(to, is_direct)| {
        let kind = if is_direct { "direct" } else { "transitive" };
        Value::map([("package", Value::Integer(to as i64)), ("kind", kind.into())])
    });
    Ok(Value::map([
        ("ident", package.ident().into()),
        ("target", package.target().into()),
        ("prefix", package.prefix().into()),
        ("artifact", package.artifact().into()),
        ("signer", package.signer().into()),
        ("requested", package.requested().into()),
        ("flags", flags_of(package.flags())),
        ("installed_size", Value::Integer(package.installed_size() as i64)),
        ("file_count", Value::Integer(package.file_count() as i64)),
        ("metadata", Value::Map(metadata)),
        ("dependencies", Value::List(dependencies.collect())),
        ("files", Value::List(host.files(package.index)?.iter().map(file_of).collect())),
    ]))
}

impl Exporter for Mirror {
    fn validate(&mut self, _host: &Host, job: &Job) -> Result<(), Failure> {
        let refuse = job.values("refuse")?;
        if refuse.text().is_empty() {
            return Ok(());
        }
        Err(Failure::new(100, refuse.text()).about(Subject::Option("refuse".into())).hint("leave it out"))
    }

    fn plan(&mut self, host: &Host, job: &Job) -> Result<(), Failure> {
        let (kind, media_type, path) = ("mirror".into(), "application/json".into(), file_name(job).into());
        host.emit(&Artifact { kind, media_type, path, ..Artifact::default() })
    }

    fn run(&mut self, host: &Host, job: &Job) -> Result<(), Failure> {
        if job.flag("panic")? {
            panic!("boom");
        }
        let options: Result<Vec<Value>, Failure> = OPTIONS.iter().map(|id| option_of(job, id)).collect();
        let packages: Result<Vec<Value>, Failure> =
            job.packages().iter().map(|package| package_of(host, job, package)).collect();
        let document = Value::map([
            ("format", "mirror".into()),
            ("target", job.target().into()),
            ("source_date_epoch", Value::Integer(job.source_date_epoch())),
            ("output_name", job.output_name().into()),
            ("options", Value::List(options?)),
            ("roots", Value::List(job.roots().iter().map(|root| Value::Integer(*root as i64)).collect())),
            ("packages", Value::List(packages?)),
        ]);
        std::fs::write(format!("{}/{}", job.out_dir(), file_name(job)), host.json(&document)?)?;
        self.plan(host, job)
    }
}

fn describe() -> Plugin {
    let mut format = Format::new("mirror", "The job as JSON", |_| Ok(Box::new(Mirror)));
    format.options = vec![
        Opt::flag("flag", "Be on"),
        Opt::integer("count", "N", 0, 10, "So many").default("3"),
        Opt::string("word", "TEXT", "Say this").default("hello"),
        Opt::path("path", "FILE", "Name this file"),
        Opt::choice("shape", &[("round", "without corners"), ("square", "with four")], "Have this shape").default("round"),
        Opt::list("item", "TEXT", "Hold this, too"),
        Opt::compression("packing", "Be packed so").default("gzip"),
        Opt::string("refuse", "TEXT", "Refuse with these words"),
        Opt::flag("panic", "Fail as the language does"),
    ];
    format.groups = vec!["bio.options.packages/1".into()];
    format.artifact_kinds = vec!["mirror".into()];
    format.needs = vec!["bio.host.fail/1".into(), "bio.host.files/1".into(), "bio.host.document/1".into()];
    format.is_streamable = true;
    assert_eq!(abi::BIO_ABI_1_0, 0x10000);
    Plugin {
        id: "org.example.mirror".into(),
        name: "mirror".into(),
        version: "0.1.0".into(),
        license: "Apache-2.0".into(),
        formats: vec![format],
        ..Plugin::default()
    }
}

export_plugin!(describe);
