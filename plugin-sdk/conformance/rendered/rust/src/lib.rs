// SPDX-License-Identifier: Apache-2.0

//! A text and a service, rendered by the host, in Rust.

use bio_export::abi::{bio_archive, bio_rootfs, bio_str, bio_written, table, BIO_E_UNSUPPORTED, BIO_OK};
use bio_export::{
    export_plugin, Artifact, Exporter, Failure, Format, Host, Job, Opt, Plugin, RenderedService, ServiceCall, Subject,
    Value, TEMPLATE,
};

struct Rendered;

fn borrow(text: &str) -> bio_str { bio_str { ptr: text.as_ptr() as *const _, len: text.len() as u64 } }

fn checked(code: i32) -> Result<(), Failure> {
    if code == BIO_OK { Ok(()) } else { Err(Failure::new(code, "")) }
}

fn lacking() -> Failure { Failure::new(BIO_E_UNSUPPORTED, "this host makes no trees") }

fn texts(list: &[String]) -> Value { Value::List(list.iter().map(|text| text.as_str().into()).collect()) }

fn document(text: &str, service: &RenderedService) -> Value {
    let hooks = service.hooks.iter().map(|hook| {
        Value::map([
            ("name", hook.name.as_str().into()),
            ("path", hook.path.as_str().into()),
            ("interpreter", hook.interpreter.as_str().into()),
        ])
    });
    let environment = service.environment.iter().map(|(key, value)| (key.clone(), value.as_str().into()));
    Value::map([
        ("text", text.into()),
        ("directory", service.directory.as_str().into()),
        ("user", service.user.as_str().into()),
        ("group", service.group.as_str().into()),
        ("stop_signal", service.stop_signal.as_str().into()),
        ("stop_seconds", Value::Integer(service.stop_seconds as i64)),
        ("hooks", Value::List(hooks.collect())),
        ("environment", Value::Map(environment.collect())),
        ("left_out", texts(&service.left_out)),
    ])
}

impl Exporter for Rendered {
    fn plan(&mut self, host: &Host, _job: &Job) -> Result<(), Failure> {
        for (kind, media_type, path, is_sidecar) in [
            ("rendered", "application/json", "rendered.json", false),
            ("rendered-tree", "application/x-tar", "rendered.tar", true),
        ] {
            let (kind, media_type, path) = (kind.into(), media_type.into(), path.into());
            host.emit(&Artifact { kind, media_type, path, is_sidecar, ..Artifact::default() })?;
        }
        Ok(())
    }

    fn run(&mut self, host: &Host, job: &Job) -> Result<(), Failure> {
        let root = job.roots()[0];
        let context = Value::map([
            ("package", job.packages()[root as usize].name().into()),
            ("port", Value::Integer(6379)),
            ("tags", texts(&["a".into(), "b".into()])),
            ("on", Value::Bool(true)),
        ]);
        let subject = Subject::Option("template".into());
        let text = host.render(job.text("template")?, "the template", &context, &subject)?;

        // SAFETY: the tables belong to the services' names, and their functions get what the header says.
        let trees = unsafe { host.service::<bio_rootfs>("bio.host.rootfs/1") };
        let archives = unsafe { host.service::<bio_archive>("bio.host.archive/1") };
        let (begin, write) = (trees.begin.ok_or_else(lacking)?, archives.write.ok_or_else(lacking)?);
        let mut tree = 0;
        checked(unsafe { begin(host.raw(), &mut tree) })?;
        let service = host.render_service(
            &ServiceCall {
                package: root,
                binds: job.values("bind")?.list().into_iter().map(String::from).collect(),
                configuration: "greeting = \"made\"\n".into(),
                configuration_name: "made.toml".into(),
                group: "blue".into(),
            },
            tree,
        )?;
        std::fs::write(format!("{}/rendered.json", job.out_dir()), host.json(&document(&text, &service))?)?;
        let mut written: bio_written = table();
        checked(unsafe { write(host.raw(), tree, &borrow("rendered.tar"), &borrow("none"), &mut written) })?;
        self.plan(host, job)
    }
}

fn describe() -> Plugin {
    let mut format = Format::new("rendered", "What the host renders", |_| Ok(Box::new(Rendered)));
    format.options = vec![
        Opt::string("template", "TEXT", "Render this").default("{{package}} on {{port}}"),
        Opt::list("bind", "NAME=HOST:PORT", "Bind the service so"),
    ];
    format.groups = vec!["bio.options.packages/1".into()];
    format.artifact_kinds = vec!["rendered".into(), "rendered-tree".into()];
    format.needs = ["bio.host.fail/1", "bio.host.document/1", "bio.host.rootfs/1", "bio.host.archive/1", TEMPLATE]
        .map(String::from)
        .to_vec();
    Plugin {
        id: "org.example.rendered".into(),
        name: "rendered".into(),
        version: "0.1.0".into(),
        license: "Apache-2.0".into(),
        formats: vec![format],
        ..Plugin::default()
    }
}

export_plugin!(describe);
