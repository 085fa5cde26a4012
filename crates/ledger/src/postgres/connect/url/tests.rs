use std::path::PathBuf;

use tokio_postgres::config::Host;

use super::*;

fn parse(url: &str) -> Target {
    Target::parse(url).unwrap_or_else(|error| panic!("{url}: {error}"))
}

#[track_caller]
fn refuses(url: &str, name: &str) {
    match Target::parse(url) {
        Err(Error::Url { setting, .. }) => assert_eq!(setting, name, "{url}"),
        Err(other) => panic!("{url}: {other}"),
        Ok(_) => panic!("{url} is taken"),
    }
}

#[test]
fn a_url_is_read_as_libpq_reads_it() {
    let target =
        parse("postgresql://us%40er:p%3Aw@[::1]:6432/d%20b?connect_timeout=7&keepalives_count=4");
    let [config] = target.hosts.as_slice() else { panic!("one server") };
    assert_eq!(config.get_user(), Some("us@er"));
    assert_eq!(config.get_password(), Some(&b"p:w"[..]));
    assert_eq!(config.get_dbname(), Some("d b"));
    assert_eq!(config.get_hosts(), [Host::Tcp("::1".to_owned())]);
    assert_eq!(config.get_ports(), [6432]);
    assert_eq!(config.get_application_name(), Some("hoesu"));
    assert_eq!(config.get_keepalives_retries(), Some(4));
    assert_eq!(target.connect_timeout, Duration::from_secs(7));
    assert_eq!(config.get_target_session_attrs(), TargetSessionAttrs::Any);
    assert_eq!((target.ssl, target.pool_max), (SslMode::Prefer, POOL_MAX));
    assert!(target.is_prepared && target.statement_timeout.is_none());
}

#[test]
fn words_are_read_as_libpq_reads_them() {
    let target =
        parse(r"host=/tmp user=a  password='it\'s \\ a = b' dbname = d application_name=other");
    let config = &target.hosts[0];
    assert_eq!(config.get_password(), Some(&br"it's \ a = b"[..]));
    assert_eq!(config.get_dbname(), Some("d"));
    assert_eq!(config.get_application_name(), Some("other"));
    assert_eq!(config.get_hosts(), [Host::Unix(PathBuf::from("/tmp"))]);
    for broken in ["host", "host='x", "a b=c"] {
        refuses(broken, "URL");
    }
}

#[test]
fn of_several_servers_the_one_that_can_be_written_to_is_meant() {
    let target = parse("postgres://u@one,two:5433/d?load_balance_hosts=random");
    let ports: Vec<&[u16]> = target.hosts.iter().map(Config::get_ports).collect();
    assert_eq!(ports, [[5432], [5433]]);
    assert!(target.is_shuffled);
    for config in &target.hosts {
        assert_eq!(config.get_target_session_attrs(), TargetSessionAttrs::ReadWrite);
        assert_eq!(config.get_hosts().len(), 1);
    }
    assert_eq!(target.connect_timeout, CONNECT_TIMEOUT_OF_MANY);
    let any = parse("postgres://u@one,two/d?target_session_attrs=any");
    assert_eq!(any.hosts[1].get_target_session_attrs(), TargetSessionAttrs::Any);
    let one = parse("postgres://u@/d?host=one,two&port=1,2&target_session_attrs=primary");
    assert_eq!(one.hosts[1].get_ports(), [2]);
    assert_eq!(one.hosts[0].get_target_session_attrs(), TargetSessionAttrs::ReadWrite);
    refuses("postgres://u@one,two/d?target_session_attrs=standby", "target_session_attrs");
    refuses("postgres://u@one,two,three/d?port=1,2", "port");
    refuses("postgres://u@/d", "host");
}

#[test]
fn every_mode_of_encryption_is_known() {
    for (name, mode) in SslMode::ALL {
        let url = format!("postgres://u@h/d?sslmode={name}&sslrootcert=/r.pem");
        let wanted = if mode == SslMode::Require { SslMode::VerifyCa } else { mode };
        assert_eq!(parse(&url).ssl, wanted);
    }
    let files = parse("postgres://u@h/d?sslmode=require&sslcert=/c&sslkey=/k").files;
    assert_eq!((files.certificate, files.key), (Some("/c".into()), Some("/k".into())));
    assert_eq!(parse("postgres://u@h/d?sslrootcert=system").ssl, SslMode::VerifyFull);
    assert_eq!(parse("postgres://u@h/d?ssl=true").ssl, SslMode::Require);
    refuses("postgres://u@h/d?sslmode=no", "sslmode");
    refuses("postgres://u@h/d?sslmode=verify-full", "sslrootcert");
    refuses("postgres://u@h/d?sslmode=require&sslrootcert=system", "sslrootcert");
    refuses("postgres://u@h/d?sslcert=/c", "sslcert");
}

#[test]
fn settings_of_our_own_are_taken_out() {
    let target = parse(
        "postgres://u@h/d?pool_max=4&statement_timeout=30s&prepared_statements=false&tcp_user_timeout=1500",
    );
    assert_eq!((target.pool_max, target.is_prepared), (4, false));
    assert_eq!(target.statement_timeout.as_deref(), Some("30s"));
    let waits = target.hosts[0].get_tcp_user_timeout();
    assert_eq!(waits, Some(&Duration::from_millis(1_500)));
    refuses("postgres://u@h/d?pool_max=0", "pool_max");
    refuses("postgres://u@h/d?statement_timeout=30s';--", "statement_timeout");
    refuses("postgres://u@h/d?prepared_statements=maybe", "prepared_statements");
}

#[test]
fn what_is_wrong_is_named_and_its_value_is_not_repeated() {
    refuses("postgres://u@h/d?sslpasword=geheim", "sslpasword");
    refuses("postgres://u@h/d?keepalives_idle=geheim", "keepalives_idle");
    refuses("postgres://u:%zz@h/d", "password");
    refuses("postgres://u@h:geheim/d", "port");
    refuses("mysql://u@h/d", "URL");
    let Err(error) = Target::parse("postgres://u@h/d?keepalives=geheim") else { panic!("taken") };
    assert!(!error.to_string().contains("geheim") && error.to_string().contains("keepalives"));
}

#[test]
fn no_password_is_shown_of_a_url() {
    let url = "postgresql://u:secret@h:5432,other/db?sslmode=require";
    assert_eq!(shown(url), "postgresql h:5432,other:5432/db");
    assert_eq!(shown("host=/run user=u password=secret dbname=db"), "postgresql /run/db");
    for url in [
        "postgresql://u:sec?ret@h/db",
        "postgresql://u:se/cret@h/db",
        "postgresql://u:12/cret@h/db",
        "postgresql://u:p@secret@h/db",
        "postgresql://h/db?password=secret",
        "host=h password=secret",
        "secret",
    ] {
        assert!(!shown(url).contains("ret"), "{url}: {}", shown(url));
    }
}
