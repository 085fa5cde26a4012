//! Nobody's name, phone or address is where nobody needs it: logs, metrics, errors, files.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use hoesu_channels::people::{self, Holds};
use hoesu_channels::{CHANNELS, Channel};

use crate::Home;
use crate::service::Running;

const PASSWORD: &str = "correct+horse+battery";

/// Invented documents of each kind.
const DOCUMENTS: u64 = 12;

/// The people of some invented documents, and the documents, well and broken, a line each.
struct Planted {
    words: BTreeSet<String>,
    lines: String,
    /// The id of a document with somebody's name in it.
    document: String,
}

impl Planted {
    fn of(channel: &dyn Channel) -> Self {
        let (mut words, mut lines) = (BTreeSet::new(), Vec::new());
        let mut with_name = None;
        let kinds = channel.capabilities().kinds;
        let made = |nth| kinds.iter().filter_map(move |kind| channel.invent(kind, nth));
        for document in channel.samples().into_iter().chain((0..DOCUMENTS).flat_map(made)) {
            let shown = people::revealed(channel.capabilities(), document.media, &document.body);
            words.extend(shown.into_iter().filter_map(|shown| {
                let personal = match shown.holds? {
                    Holds::Name => shown.text.chars().count() > 2,
                    Holds::Phone | Holds::Address => shown.text.chars().count() > 8,
                    Holds::Postcode | Holds::Words | Holds::Plain => false,
                };
                // Some samples have people who are masked already.
                (personal && !shown.text.contains('*')).then_some(shown.text)
            }));
            let body = String::from_utf8(document.body).expect("text");
            if body.starts_with('{') {
                let reading = channel.read(document.media, body.as_bytes()).expect("a record");
                let key = reading.key.replace('/', "~2F");
                if words.iter().any(|word| body.contains(word.as_str())) {
                    with_name.get_or_insert(format!("1:{}:{key}", reading.kind));
                }
                lines.push(body.clone());
                // No record: a member has another form, or the end is gone.
                lines.push(body.replacen("\":", "\":[[]],\"x\":", 1));
            }
        }
        if words.is_empty() {
            return Self { words, lines: String::new(), document: String::new() };
        }
        // A line that is no record at all, and says a name.
        let all = words.iter().cloned().collect::<Vec<_>>().join(" ");
        lines.push(format!("{{\"who\":\"{all}\"}}"));
        words.insert(PASSWORD.replace('+', " "));
        Self { words, lines: lines.join("\n"), document: with_name.unwrap_or_default() }
    }

    #[track_caller]
    fn is_not_in(&self, what: &str, bytes: &[u8]) {
        for word in &self.words {
            let holds = bytes.windows(word.len()).any(|window| window == word.as_bytes());
            assert!(!holds, "{what} holds somebody's name, phone or address");
        }
    }
}

/// A call and its answer: status, and everything that came.
fn call(address: &str, head: &str, headers: &str, body: &str) -> (u16, String) {
    let request = format!(
        "{head} HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n{headers}\r\n{body}",
        body.len(),
    );
    let mut stream = TcpStream::connect(address).expect("it listens");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
    (status.unwrap_or_else(|| panic!("no answer: {answer}")), answer)
}

fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |out, byte| out + &format!("%{byte:02X}"))
}

#[test]
fn nobody_is_named_in_logs_metrics_errors_or_files() {
    for channel in CHANNELS {
        let planted = Planted::of(*channel);
        if planted.words.is_empty() {
            continue;
        }
        let home = Home::new();
        home.json(&["account", "add", channel.id(), "one"]);
        let add = ["user", "add", "minji", "--role", "operator", "--password-stdin"];
        assert_eq!(home.feed(&add, PASSWORD.replace('+', " ")).exit, 0);
        let imported = home.feed(&["import", "one", "-"], &planted.lines);
        assert_eq!(imported.exit, 3, "something was refused: {imported:?}");
        planted.is_not_in("what import said", imported.out.as_bytes());
        planted.is_not_in("what import said beside", imported.err.as_bytes());
        for args in [&["refusals"][..], &["findings", "--all"], &["audit", "show"], &["doctor"]] {
            let said = home.run(args);
            planted.is_not_in(args[0], (said.out + &said.err).as_bytes());
        }

        let serve = ["serve", "--listen", "127.0.0.1:0", "--no-collect", "--log", "trace"];
        let server = Running::start(home.command(&serve));
        let mut log = server.until("answering on");
        let address = log.last().and_then(|line| line.rsplit_once("http://")).unwrap().1;
        let address = address.trim().to_owned();
        let signed = format!("name=minji&password={PASSWORD}");
        let (status, answer) = call(&address, "POST /console/sign-in", "", &signed);
        assert_eq!(status, 303, "{answer}");
        let cookie = answer.split("set-cookie: ").nth(1).unwrap().split(';').next().unwrap();
        let cookie = format!("Cookie: {cookie}\r\n");
        let id = &planted.document;
        for word in planted.words.iter().take(6) {
            let word = escaped(word);
            let calls = [
                (format!("GET /console/search?q={word}"), String::new()),
                (format!("GET /console/findings?q={word}&account={word}"), String::new()),
                (format!("GET /console/cases/people?q={word}"), String::new()),
                (format!("POST /console/cases/people?q={word}"), "reason=asked&as=csv".to_owned()),
                (format!("POST /console/settings/keys/{word}/revoke"), String::new()),
                ("POST /console/settings/items".to_owned(), format!("table={word}&account={word}")),
                (format!("GET /console/documents/{word}/1/people"), String::new()),
                (format!("POST /console/documents/{id}/99/people"), format!("reason={word}")),
                (format!("POST /console/documents/{id}/1/people"), format!("reasn={word}")),
                (format!("POST /console/settings/people/{word}/role"), format!("role={word}")),
                ("POST /console/sign-in".to_owned(), format!("name=x&password={word}")),
                ("POST /console/me/password".to_owned(), format!("old={word}&new={word}&again=x")),
                (format!("GET /console/set-up/{word}"), String::new()),
                (format!("GET /api/v1/documents/{word}"), String::new()),
                (format!("GET /api/v1/findings?order={word}&x={word}"), String::new()),
                (format!("GET /nowhere/{word}"), String::new()),
                (format!("POST {}", channel.capabilities().endpoints[0].path), word.clone()),
            ];
            for (head, body) in calls {
                let (status, answer) = call(&address, &head, &cookie, &body);
                if status >= 400 {
                    planted.is_not_in(&head, answer.as_bytes());
                }
            }
        }
        // Who asks with a reason sees them, and the reason may name them.
        let reason = escaped(planted.words.last().unwrap());
        let path = format!("POST /console/documents/{id}/1/people");
        let (status, seen) = call(&address, &path, &cookie, &format!("reason={reason}"));
        assert_eq!(status, 200, "{seen}");
        assert!(planted.words.iter().any(|word| seen.contains(word.as_str())), "{seen}");
        let (_, metrics) = call(&address, "GET /metrics", "", "");
        planted.is_not_in("the metrics", metrics.as_bytes());
        files(&home, &planted);
        log.extend(server.rest());
        assert_eq!(server.end(), Some(0));
        planted.is_not_in("the log", log.join("\n").as_bytes());
        files(&home, &planted);
        let kept = home.json(&["audit", "show"]);
        assert_eq!(kept[0]["what"], "reveal");
        assert_eq!(home.run(&["audit", "verify"]).exit, 0);
    }
}

/// Every file of the ledger, the write-ahead log among them.
fn files(home: &Home, planted: &Planted) {
    let folder = home.path().join("hoesu-data");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).expect("the ledger's folder") {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        planted.is_not_in(&path.display().to_string(), &bytes);
        seen += bytes.len();
    }
    assert!(seen > 50_000, "the test looks at the right files");
}
