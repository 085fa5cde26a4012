//! The server and the demo, as running processes.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use hoesu_channels::CHANNELS;
use hoesu_testkit::{Database, outside};

use crate::{Home, Said};

/// A running server, and what it says line by line.
pub(crate) struct Running {
    child: Child,
    said: mpsc::Receiver<String>,
}

impl Running {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.spawn().expect("hoesu runs");
        let (sender, said) = mpsc::channel();
        let out = child.stdout.take().expect("piped");
        let err = child.stderr.take().expect("piped");
        let readers: [Box<dyn std::io::Read + Send>; 2] = [Box::new(out), Box::new(err)];
        for reader in readers {
            let sender = sender.clone();
            std::thread::spawn(move || {
                for line in BufReader::new(reader).lines().map_while(Result::ok) {
                    if sender.send(line).is_err() {
                        return;
                    }
                }
            });
        }
        Self { child, said }
    }

    /// Waits for a line with this in it; answers it and those before it.
    pub(crate) fn until(&self, word: &str) -> Vec<String> {
        let mut lines = Vec::new();
        loop {
            let line = self.said.recv_timeout(Duration::from_mins(1));
            lines.push(line.unwrap_or_else(|_| panic!("{word} is never said: {lines:?}")));
            if lines.last().is_some_and(|line| line.contains(word)) {
                return lines;
            }
        }
    }

    /// What it has said since, without waiting.
    pub(crate) fn rest(&self) -> Vec<String> {
        self.said.try_iter().collect()
    }

    /// Asks it to end, and answers its exit code.
    pub(crate) fn end(mut self) -> Option<i32> {
        // The shell's own: the program of this name is in a package that a bare Debian lacks.
        let kill = format!("kill -TERM {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The words of a line as a shell reads it: blanks part them, single quotes hold them together.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for letter in line.chars() {
        match letter {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(std::mem::take(&mut word)),
            letter => word.push(letter),
        }
    }
    words.push(word);
    words
}

/// Makes the call of a curl line; answers status line and body.
fn call(curl: &str) -> (String, String) {
    let words = words(curl);
    let after = |flag: &str| -> Vec<&str> {
        let pairs = words.windows(2).filter(|pair| pair[0] == flag);
        pairs.map(|pair| pair[1].as_str()).collect()
    };
    let method = after("-X").first().copied().unwrap_or("GET");
    let url = words.iter().find_map(|word| word.strip_prefix("http://")).expect("a URL");
    let (address, target) = url.split_once('/').expect("a path");
    let body = after("-d").concat();
    let headers: Vec<_> = after("-H").iter().map(|header| format!("{header}\r\n")).collect();
    let request = format!(
        "{method} /{target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {}\r\n{}\r\n{body}",
        body.len(),
        headers.concat(),
    );
    let mut stream = TcpStream::connect(address).expect("it listens");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    (head.lines().next().unwrap_or_default().to_owned(), body.to_owned())
}

#[test]
fn a_server_says_where_it_answers_and_ends_when_it_is_told_to() {
    let home = Home::new();
    home.json(&["account", "add", CHANNELS[0].id(), "one"]);
    let server = Running::start(home.command(&["serve", "--listen", "127.0.0.1:0"]));
    let lines = server.until("answering on http://");
    let started = lines.iter().find(|line| line.contains("started")).expect("it is logged");
    for word in [env!("CARGO_PKG_VERSION"), "sqlite hoesu-data", "127.0.0.1", "system"] {
        assert!(started.contains(word), "{word}: {started}");
    }
    let said = lines.last().unwrap();
    let base = &said[said.find("http://").unwrap()..];
    for (path, status) in [("healthz", "200"), ("readyz", "200"), ("metrics", "200"), ("x", "404")]
    {
        let (head, body) = call(&format!("curl -s '{base}/{path}'"));
        assert!(head.contains(status), "{path}: {head} {body}");
    }
    let kill = format!("kill -TERM {}", server.child.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    let rest = server.until("stopping").pop().unwrap();
    assert!(rest.contains("SIGTERM"), "{rest}");
    assert_eq!(server.end(), Some(0));
}

#[test]
fn an_address_in_use_is_said() {
    let home = Home::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    home.run(&["serve", "--listen", &address]).failed(1, "--listen");
    assert_eq!(home.path().read_dir().unwrap().count(), 0, "a start that fails changes nothing");
    for command in ["sandbox", "demo"] {
        let scratch = tempfile::tempdir().unwrap();
        let mut command = home.command(&[command, "--listen", &address]);
        let said = Said::of(&command.env("TMPDIR", scratch.path()).output().unwrap());
        said.failed(1, "--listen");
    }
    home.run(&["serve", "--listen", "127.0.0.1:0", "--tls-cert", "x.pem"]).failed(2, "--tls-key");
    home.run(&["serve", "--listen", "127.0.0.1:0", "--tls-cert", "x.pem", "--tls-key", "y.pem"])
        .failed(1, "x.pem");
}

#[test]
fn a_server_ends_in_time_though_its_database_keeps_it_waiting() {
    let home = Home::on(Database::Postgres);
    let running = Running::start(home.command(&["serve", "--listen", "127.0.0.1:0"]));
    running.until("http");
    // What settling and collecting ask for again and again is not answered for a long time.
    let lock = outside::lock_away(&home.place(), &["seller", "account", "feed"]);
    std::thread::sleep(Duration::from_secs(2));
    let began = Instant::now();
    assert_eq!(running.end(), Some(0));
    assert!(began.elapsed() < Duration::from_secs(12), "{:?}", began.elapsed());
    outside::nothing_waits(&home.place());
    drop(lock);
}

#[test]
fn every_line_of_the_demo_works_when_pasted() {
    let home = Home::new();
    let demo = Running::start(home.command(&["demo", "--listen", "127.0.0.1:0"]));
    let lines = demo.until("Ctrl+C");
    let calls: Vec<_> = lines.iter().filter(|line| line.starts_with("curl ")).collect();
    let examples =
        CHANNELS.iter().map(|channel| channel.examples(&std::collections::BTreeMap::new()).len());
    assert_eq!(calls.len(), examples.sum::<usize>(), "{lines:?}");
    for curl in calls {
        let (head, body) = call(curl);
        assert!(head.starts_with("HTTP/1.1 200 "), "{curl}\n{head}\n{body}");
        assert!(!body.is_empty(), "{curl}");
    }
    for line in lines.iter().filter(|line| line.contains(" sign ")) {
        let args = words(line);
        let args: Vec<_> = args.iter().skip(1).map(String::as_str).collect();
        let said: Said = home.run(&args);
        assert_eq!(said.exit, 0, "{line}: {said:?}");
        assert!(said.out.starts_with("Authorization: "), "{line}: {said:?}");
    }
    assert_eq!(demo.end(), Some(0));
    assert!(!home.path().join("hoesu-data").exists(), "nothing is kept");
}

#[test]
fn a_sandbox_says_how_a_hub_asks_it_and_leaves_nothing() {
    let (home, scratch) = (Home::new(), tempfile::tempdir().unwrap());
    let small = ["--sellers", "1", "--orders", "2", "--days", "1", "--frozen"];
    let mut args = vec!["sandbox", "--listen", "127.0.0.1:0"];
    args.extend(small);
    let mut command = home.command(&args);
    command.env("TMPDIR", scratch.path());
    let running = Running::start(command);
    let lines = running.until("Ctrl+C");
    let told = |line: &&String| line.starts_with("hoesu ") && !line.contains(" serve ");
    let commands: Vec<_> = lines.iter().filter(told).collect();
    assert_eq!(commands.len(), 1 + CHANNELS.len(), "{lines:?}");
    for command in commands {
        let words = words(command);
        let args: Vec<&str> = words[1..].iter().map(String::as_str).collect();
        let Said { exit, err, .. } = home.run(&args);
        assert_eq!(exit, 0, "{command}\n{err}");
    }
    assert_eq!(scratch.path().read_dir().unwrap().count(), 1);
    assert_eq!(running.end(), Some(0));
    assert_eq!(scratch.path().read_dir().unwrap().count(), 0);
}

#[test]
fn the_calls_a_sandbox_prints_are_let_in_as_they_are_written() {
    let home = Home::new();
    let small = ["--sellers", "1", "--orders", "2", "--days", "1", "--frozen"];
    let running = Running::start(
        home.command(&[&["sandbox", "--listen", "127.0.0.1:0"][..], &small].concat()),
    );
    let lines = running.until("Ctrl+C");
    let is_call = |line: &&String| line.starts_with("curl ") && !line.contains("/_sandbox");
    let calls: Vec<_> = lines.iter().filter(is_call).collect();
    assert_eq!(calls.len(), CHANNELS.len(), "{lines:?}");
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_hoesu")).parent().unwrap();
    for call in calls {
        let status = call.replacen("curl -s", "curl -s -o /dev/null -w '%{http_code}'", 1);
        let place = format!("export PATH='{}':\"$PATH\"; {status}", binary.display());
        let said = Command::new("bash").args(["-c", &place]).output().expect("a shell");
        assert_eq!(String::from_utf8_lossy(&said.stdout), "200", "{call}");
    }
    assert_eq!(running.end(), Some(0));
}
