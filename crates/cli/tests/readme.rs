//! The README's calls, made as they are written against a demo, are answered as it says.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

const READMES: [&str; 2] =
    [include_str!("../../../README.md"), include_str!("../../../README.ko.md")];

/// Where the README has its demo and its binary.
const LISTEN: &str = "127.0.0.1:8780";
const BINARY: &str = "target/release/hoesu";

#[test]
fn every_call_in_the_readme_is_answered_as_it_says() {
    let demo = Demo::start();
    for readme in READMES {
        let calls = calls(readme);
        assert_eq!(calls.len(), 5, "one call for each API");
        for (call, told) in calls {
            let answer = demo.run(&call);
            assert!(
                is_told(&told, &answer),
                "{call}\nanswers\n{answer}\nand the README says\n{told}"
            );
        }
    }
}

/// The calls of a README with the answers below them. A call goes on while its lines are indented; an
/// answer may be broken into lines wherever it is convenient.
fn calls(readme: &str) -> Vec<(String, String)> {
    let mut calls: Vec<(String, String)> = Vec::new();
    for block in readme.split("```console\n").skip(1) {
        let (mut call, mut answer) = (String::new(), String::new());
        for line in block.lines().take_while(|line| *line != "```") {
            if let Some(command) = line.strip_prefix("$ ") {
                call.push_str(command);
            } else if line.starts_with(' ') {
                call.push('\n');
                call.push_str(line);
            } else {
                answer.push_str(line);
            }
        }
        if call.contains("curl ") {
            calls.push((call, answer));
        }
    }
    calls
}

/// Whether an answer is what was told of it; `…` stands for whatever was left out.
fn is_told(told: &str, answer: &str) -> bool {
    let parts: Vec<&str> = told.split('…').collect();
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return false };
    let mut rest = answer;
    parts.iter().all(|part| match rest.find(part) {
        Some(at) => {
            rest = &rest[at + part.len()..];
            true
        }
        None => false,
    }) && answer.starts_with(first)
        && answer.ends_with(last)
}

/// A running `hoesu demo`, ended with the value.
struct Demo {
    process: Child,
    listen: String,
    _folder: TempDir,
}

impl Demo {
    fn start() -> Self {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr());
        let listen = free.expect("a free port").to_string();
        let folder = TempDir::new().expect("a folder");
        let process = Command::new(env!("CARGO_BIN_EXE_hoesu"))
            .args(["demo", "--listen", &listen])
            .env("TMPDIR", folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the demo starts");
        let demo = Self { process, listen, _folder: folder };
        let patience = Instant::now() + Duration::from_mins(1);
        while TcpStream::connect(&demo.listen).is_err() {
            assert!(Instant::now() < patience, "the demo does not listen");
            std::thread::sleep(Duration::from_millis(50));
        }
        demo
    }

    fn run(&self, call: &str) -> String {
        let call = call.replace(LISTEN, &self.listen).replace(BINARY, env!("CARGO_BIN_EXE_hoesu"));
        let said = Command::new("bash").args(["-c", &call]).output().expect("a shell");
        assert!(said.status.success(), "{call}\n{}", String::from_utf8_lossy(&said.stderr));
        String::from_utf8(said.stdout).expect("an answer is UTF-8")
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn what_is_left_out_may_be_anything_and_the_rest_must_be_there() {
    assert!(is_told("{…\"b\":2…}", "{\"a\":1,\"b\":2,\"c\":3}"));
    assert!(is_told("{}", "{}"));
    assert!(!is_told("{}", "{} "));
    assert!(!is_told("{…\"b\":2…\"a\"…}", "{\"a\":1,\"b\":2,\"c\":3}"));
}
