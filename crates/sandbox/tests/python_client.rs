//! The published Python client `coupang` 1.4.2 works against a market: its `returns` and `exchange`
//! modules, reads and writes, unmodified but for the host they call.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use hoesu_sandbox::{Plan, Sandbox, serve};
use hoesu_server::Config;
use tokio::sync::oneshot;

/// The client, with nothing of what its other modules need.
const INSTALL: [&str; 6] =
    ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"];

/// Sellers that answer nothing, so that there is something to be answered.
fn plan() -> Plan {
    let (sellers, orders_per_day) = (1, 60);
    Plan { seed: 11, sellers, orders_per_day, staffed: false, ..Plan::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_published_python_client_reads_and_writes() {
    let folder = tempfile::TempDir::new().unwrap();
    let market = Sandbox::open(plan()).await.unwrap();
    let seed = market.seed("http://127.0.0.1");
    let account = &seed.sellers[0].accounts[0];
    assert_eq!(account.channel, "coupang");
    let credentials = account.credentials.clone();
    let (stop, stopped) = oneshot::channel::<()>();
    let config = Config { listen: SocketAddr::from(([127, 0, 0, 1], 0)), tls: None };
    let bound = config.bind().await.unwrap();
    let base = format!("http://{}", bound.address());
    let serving = tokio::spawn(async move {
        serve(market, bound, async { stopped.await.unwrap_or_default() }).await;
    });
    let place = folder.path().to_owned();
    let worked = tokio::task::spawn_blocking(move || {
        let python = virtual_environment(&place);
        let keys = format!(
            "[DEFAULT]\nACCESSKEY = {}\nSECRETKEY = {}\n",
            credentials["access_key"], credentials["secret_key"]
        );
        std::fs::write(place.join("coupang.ini"), keys).unwrap();
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/python_client.py");
        let call = [script, &base, &credentials["vendor_id"]];
        run(Command::new(python).args(call).current_dir(&place), "The client did not work")
    });
    let worked = worked.await;
    drop(stop);
    serving.await.unwrap();
    assert!(worked.unwrap().contains("returns"));
}

/// A virtual environment with the client in it: its Python.
fn virtual_environment(place: &Path) -> std::path::PathBuf {
    let home = place.join("venv");
    run(
        Command::new("python3").args(["-m", "venv"]).arg(&home),
        "This test needs Python with virtual environments; on Debian: apt-get install python3 python3-venv",
    );
    let python = home.join("bin/python");
    run(
        Command::new(&python).args(INSTALL).arg("coupang==1.4.2"),
        "This test needs the package coupang 1.4.2 from the Python package index (or a mirror that pip knows)",
    );
    python
}

/// Runs a program to its end, and says what is needed if it fails.
fn run(command: &mut Command, needed: &str) -> String {
    let said = command.output().unwrap_or_else(|error| panic!("{needed} ({error})"));
    let (out, beside) =
        (String::from_utf8_lossy(&said.stdout), String::from_utf8_lossy(&said.stderr));
    assert!(said.status.success(), "{needed}\n{out}\n{beside}");
    out.into_owned()
}
