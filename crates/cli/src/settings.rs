//! Settings: from a TOML file, the environment and flags, the later the stronger.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use hoesu_ledger::Place;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::failure::{Result, fail};
use crate::lang::Lang;

/// Everything that can be set. Each can stand in the file as it is named here, and in the
/// environment as `HOESU_` and its name in capitals.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(title = "hoesu settings")]
pub(crate) struct Settings {
    /// Folder of the SQLite ledger and of the master key; `./hoesu-data` unless set.
    pub(crate) data: Option<PathBuf>,
    /// URL of a PostgreSQL database to keep the ledger in instead.
    pub(crate) database: Option<String>,
    /// File of the master key; `master.key` in the data folder unless set.
    pub(crate) master_key_file: Option<PathBuf>,
    /// Address of the sandbox whose clock is gone by instead of the system's: `http://127.0.0.1:8790`.
    pub(crate) clock: Option<String>,
    /// Language of messages.
    pub(crate) lang: Option<Lang>,
    /// Address to listen on; `127.0.0.1:8780` unless set.
    #[schemars(with = "Option<String>")]
    pub(crate) listen: Option<SocketAddr>,
    /// PEM file of the TLS certificate chain; with it `tls_key` is needed.
    pub(crate) tls_cert: Option<PathBuf>,
    /// PEM file of the TLS private key.
    pub(crate) tls_key: Option<PathBuf>,
    /// What is logged: `error`, `warn`, `info`, `debug`, or a filter such as `info,hoesu_ledger=debug`.
    pub(crate) log: Option<String>,
    /// How it is logged; JSON unless standard error is a terminal.
    pub(crate) log_format: Option<LogFormat>,
}

/// How logs are written.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, clap::ValueEnum,
)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// Lines for people.
    Text,
    /// Lines for programs.
    Json,
}

/// Variables that begin with `HOESU_` and are none of ours, by how they go on: Kubernetes sets them in
/// every container beside a service of this name, and hoesu's own tests have some.
const OTHERS: [&str; 3] = ["SERVICE_", "PORT", "TEST_"];

/// Where the master key may stand instead of in a file, as 64 hexadecimal digits.
pub(crate) const MASTER_KEY_ENV: &str = "HOESU_MASTER_KEY";

impl Settings {
    /// Flags over environment over file.
    pub(crate) fn layered(flags: Self, config: Option<&Path>) -> Result<Self> {
        let config = config
            .map(Path::to_owned)
            .or_else(|| std::env::var_os("HOESU_CONFIG").map(PathBuf::from));
        let file = match config {
            Some(path) => Self::of_file(&path)?,
            None => Self::default(),
        };
        let env = Self::of_env(|name| std::env::var(name).ok())?;
        Ok(flags.over(env).over(file))
    }

    fn of_file(path: &Path) -> Result<Self> {
        let shown = path.display();
        let text = std::fs::read_to_string(path).map_err(|error| {
            fail!(
                "설정 파일을 읽지 못했어요: {shown} ({error})",
                "the settings file could not be read: {shown} ({error})"
            )
        })?;
        toml::from_str(&text).map_err(|error| {
            let (line, why) = (line_of(&text, error.span()), error.message());
            fail!(
                "설정 파일이 잘못됐어요: {shown} {line}번째 줄 ({why}). 쓸 수 있는 이름은 docs/config.schema.json에 있어요",
                "the settings file is wrong: {shown}, line {line} ({why}); docs/config.schema.json has the names"
            )
        })
    }

    /// Names of settings, as they are spelled in the file.
    fn names() -> Vec<String> {
        serde_json::to_value(Self::default())
            .ok()
            .and_then(|value| value.as_object().map(|map| map.keys().cloned().collect()))
            .unwrap_or_default()
    }

    /// Of these variables those that look like settings and are none, each with the nearest there is.
    pub(crate) fn unknown(
        variables: impl Iterator<Item = String>,
    ) -> Vec<(String, Option<String>)> {
        let mut known: Vec<String> =
            Self::names().iter().map(|name| format!("HOESU_{}", name.to_uppercase())).collect();
        known.extend([MASTER_KEY_ENV.to_owned(), "HOESU_CONFIG".to_owned()]);
        let is_unknown = |name: &String| {
            let rest = name.strip_prefix("HOESU_");
            rest.is_some_and(|rest| OTHERS.iter().all(|others| !rest.starts_with(others)))
                && !known.contains(name)
        };
        let nearest = |name: &str| {
            let near = known.iter().map(|one| (strsim::levenshtein(one, name), one)).min()?;
            (near.0 <= 3).then(|| near.1.clone())
        };
        let mut unknown: Vec<String> = variables.filter(is_unknown).collect();
        unknown.sort();
        unknown.into_iter().map(|name| (name.clone(), nearest(&name))).collect()
    }

    fn of_env(env: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let mut found = serde_json::Map::new();
        for name in Self::names() {
            let variable = format!("HOESU_{}", name.to_uppercase());
            let Some(value) = env(&variable).filter(|value| !value.is_empty()) else { continue };
            found.insert(name.clone(), value.into());
            let alone = serde_json::json!({ name.as_str(): found[&name] });
            if let Err(error) = serde_json::from_value::<Self>(alone) {
                return Err(fail!(
                    "환경 변수 {variable}의 값이 맞지 않아요 ({error})",
                    "the value of the environment variable {variable} is wrong ({error})"
                ));
            }
        }
        Ok(serde_json::from_value(found.into()).unwrap_or_default())
    }

    /// These, and where they say nothing, the weaker ones. Where the ledger lives is one question:
    /// a stronger folder outdoes a weaker database.
    fn over(self, weaker: Self) -> Self {
        let database = match &self.data {
            Some(_) => self.database,
            None => self.database.or(weaker.database),
        };
        Self {
            data: self.data.or(weaker.data),
            database,
            master_key_file: self.master_key_file.or(weaker.master_key_file),
            clock: self.clock.or(weaker.clock),
            lang: self.lang.or(weaker.lang),
            listen: self.listen.or(weaker.listen),
            tls_cert: self.tls_cert.or(weaker.tls_cert),
            tls_key: self.tls_key.or(weaker.tls_key),
            log: self.log.or(weaker.log),
            log_format: self.log_format.or(weaker.log_format),
        }
    }

    /// The data folder.
    pub(crate) fn folder(&self) -> PathBuf {
        self.data.clone().unwrap_or_else(|| PathBuf::from("hoesu-data"))
    }

    /// Where the ledger lives.
    pub(crate) fn place(&self) -> Place {
        match &self.database {
            Some(url) => Place::Postgres(url.clone()),
            None => Place::Folder(self.folder()),
        }
    }

    /// Where the master key lives.
    pub(crate) fn key_file(&self) -> PathBuf {
        self.master_key_file.clone().unwrap_or_else(|| self.folder().join("master.key"))
    }

    /// Where to listen.
    pub(crate) fn listen(&self) -> SocketAddr {
        self.listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8780)))
    }
}

fn line_of(text: &str, span: Option<std::ops::Range<usize>>) -> usize {
    let start = span.map_or(0, |span| span.start.min(text.len()));
    text.as_bytes()[..start].split(|byte| *byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_outdo_the_environment_and_it_outdoes_the_file() {
        let file: Settings =
            toml::from_str("data = 'f'\nlisten = '127.0.0.1:1'\nlog = 'warn'").unwrap();
        let env = Settings::of_env(|name| match name {
            "HOESU_LISTEN" => Some("127.0.0.1:2".to_owned()),
            "HOESU_LANG" => Some("ko".to_owned()),
            _ => None,
        });
        let flags = Settings { listen: "127.0.0.1:3".parse().ok(), ..Settings::default() };
        let all = flags.over(env.unwrap()).over(file);
        assert_eq!(all.listen().port(), 3);
        assert_eq!(all.lang, Some(Lang::Ko));
        assert_eq!(all.data, Some("f".into()));
        assert_eq!(all.log.as_deref(), Some("warn"));
    }

    #[test]
    fn a_stronger_folder_outdoes_a_weaker_database() {
        let weaker = Settings { database: Some("postgres://x".into()), ..Settings::default() };
        let flags = Settings { data: Some("d".into()), ..Settings::default() };
        assert_eq!(flags.over(weaker.clone()).place(), Place::Folder("d".into()));
        assert_eq!(
            Settings::default().over(weaker).place(),
            Place::Postgres("postgres://x".into())
        );
        assert_eq!(Settings::default().place(), Place::Folder("hoesu-data".into()));
    }

    #[test]
    fn a_variable_that_is_no_setting_is_told_with_the_nearest() {
        let set = ["HOESU_LISTN", "HOESU_LISTEN", "HOESU_SERVICE_HOST", "HOESU_WHATEVER", "PATH"];
        assert_eq!(
            Settings::unknown(set.map(str::to_owned).into_iter()),
            [
                ("HOESU_LISTN".to_owned(), Some("HOESU_LISTEN".to_owned())),
                ("HOESU_WHATEVER".to_owned(), None)
            ]
        );
    }

    #[test]
    fn a_value_that_cannot_be_is_refused() {
        let wrong = |name: &str| (name == "HOESU_LISTEN").then(|| "nowhere".to_owned());
        assert!(Settings::of_env(wrong).is_err());
        assert!(toml::from_str::<Settings>("databse = 'x'").is_err());
    }
}
