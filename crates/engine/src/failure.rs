//! What a failure of the ledger means, and what to do about it, in both languages.

use hoesu_channels::Title;
use hoesu_ledger::Cause;

/// What is said of a cause.
#[derive(Debug, Clone, Copy)]
pub struct Explained {
    /// What is the matter: a clause, to be followed by what the system said.
    pub title: Title,
    /// What to do: a sentence.
    pub remedy: Title,
}

const fn of(
    ko: &'static str,
    en: &'static str,
    do_ko: &'static str,
    do_en: &'static str,
) -> Explained {
    Explained { title: Title { ko, en }, remedy: Title { ko: do_ko, en: do_en } }
}

/// What a cause means to people.
pub const fn explained(cause: Cause) -> Explained {
    match cause {
        Cause::DiskFull => of(
            "디스크에 남은 공간이 없어요",
            "no room is left on the disk",
            "공간을 비운 뒤 다시 해 주세요. 전에 쓴 것은 그대로 있어요",
            "make room, then do it again; what was written before is safe",
        ),
        Cause::Resources => of(
            "데이터베이스의 메모리나 자원이 모자라요",
            "the database is out of memory or another resource",
            "부하를 줄이고 잠시 뒤에 다시 해 주세요",
            "reduce its load and try again in a moment",
        ),
        Cause::Password => of(
            "데이터베이스 암호가 틀렸거나 빠졌어요",
            "the database password is wrong or missing",
            "--database(HOESU_DATABASE) 주소의 사용자와 암호를 확인해 주세요",
            "check the user and the password in --database (HOESU_DATABASE)",
        ),
        Cause::Role => of(
            "데이터베이스에 그런 사용자가 없거나 로그인할 수 없는 사용자예요",
            "the database has no such role, or it may not log in",
            "--database 주소의 사용자 이름을 확인하거나 CREATE ROLE … LOGIN으로 만들어 주세요",
            "check the user in --database, or make it with CREATE ROLE … LOGIN",
        ),
        Cause::LoginRefused => of(
            "데이터베이스 서버가 이 접속을 허락하지 않아요",
            "the database server does not allow this connection",
            "서버의 pg_hba.conf에 이 주소와 사용자를 허락하는 줄이 있는지 확인해 주세요. hostssl 줄이라면 --database 주소에 sslmode=require가, clientcert 줄이라면 sslcert와 sslkey가 있어야 해요",
            "see that the server's pg_hba.conf has a line for this address and user; a hostssl line needs sslmode=require in --database, one with clientcert needs sslcert and sslkey",
        ),
        Cause::Database => of(
            "그런 데이터베이스가 없어요",
            "the database does not exist",
            "--database 주소의 데이터베이스 이름을 확인하거나 createdb로 만들어 주세요",
            "check the database's name in --database, or make it with createdb",
        ),
        Cause::DatabaseUrl => of(
            "--database 주소를 그대로 쓸 수 없어요",
            "the address in --database cannot be used",
            "괄호 안에 적힌 설정을 고쳐 주세요. 설정 이름은 PostgreSQL(libpq)과 같고, hoesu의 것은 pool_max, statement_timeout, prepared_statements예요",
            "correct the setting that is named; settings are spelled as PostgreSQL (libpq) spells them, and hoesu's own are pool_max, statement_timeout and prepared_statements",
        ),
        Cause::Tls => of(
            "데이터베이스와 TLS 설정이 맞지 않아요",
            "the database and hoesu do not agree on TLS",
            "서버의 ssl이 켜져 있는지, --database 주소의 sslmode가 서버와 맞는지 확인해 주세요",
            "see that the server has ssl = on, and that sslmode in --database suits it",
        ),
        Cause::Certificate => of(
            "데이터베이스 서버의 인증서를 믿을 수 없어요",
            "the database server's certificate is not trusted",
            "sslrootcert가 그 인증서를 발급한 기관의 파일인지, 주소의 호스트 이름이 인증서의 이름(subjectAltName)에 있는지, 기한이 지나지 않았는지 확인해 주세요",
            "see that sslrootcert is the file of the authority that issued it, that the host in the address is one of its names (subjectAltName), and that it is in date",
        ),
        Cause::ClientCertificate => of(
            "데이터베이스 서버가 hoesu의 인증서를 받아들이지 않았어요",
            "the database server does not take hoesu's certificate",
            "주소의 sslcert와 sslkey가 서버의 ssl_ca_file이 아는 기관에서 발급됐고 기한 안인지 확인해 주세요",
            "see that sslcert and sslkey in the address are of an authority in the server's ssl_ca_file, and in date",
        ),
        Cause::Pooler => of(
            "PgBouncer 같은 풀러가 준비된 문장(prepared statement)을 다른 접속과 섞었어요",
            "a pooler such as PgBouncer mixed up prepared statements of several connections",
            "--database 주소에 prepared_statements=false를 붙여 주세요",
            "add prepared_statements=false to the address in --database",
        ),
        Cause::TooManyConnections => of(
            "데이터베이스 접속 수가 한도에 찼어요",
            "the database has all the connections it may have",
            "잠시 뒤에 다시 해 주세요. 계속되면 max_connections나 사용자의 CONNECTION LIMIT을 늘리거나 주소의 pool_max를 줄여 주세요. hoesu는 프로세스마다 16개까지 써요",
            "try again in a moment; if it goes on, raise max_connections or the role's CONNECTION LIMIT, or lower pool_max in the address: each process of hoesu uses up to 16",
        ),
        Cause::PoolBusy => of(
            "이 프로세스의 데이터베이스 접속이 모두 쓰이고 있어요",
            "all database connections of this process are in use",
            "잠시 뒤에 다시 해 주세요. 계속되면 데이터베이스가 느린지 확인하거나 주소의 pool_max를 늘려 주세요",
            "try again in a moment; if it goes on, see why the database is slow, or raise pool_max in the address",
        ),
        Cause::ReadOnlyFile => of(
            "장부 파일이 읽기 전용이에요",
            "the ledger's file is read-only",
            "장부 파일과 폴더의 주인과 권한, 읽기 전용으로 마운트됐는지를 확인해 주세요",
            "check the owner and permissions of the file and its folder, and whether the disk is mounted read-only",
        ),
        Cause::ReadOnlyServer => of(
            "데이터베이스가 읽기 전용이에요",
            "the database is read-only",
            "주소가 대기(standby) 서버가 아니라 주 서버인지, default_transaction_read_only가 꺼져 있는지 확인해 주세요",
            "see that the address is the primary's, not a standby's, and that default_transaction_read_only is off",
        ),
        Cause::Unreachable => of(
            "데이터베이스에 연결되지 않아요",
            "the database cannot be reached",
            "데이터베이스가 떠 있는지, 주소와 방화벽이 맞는지 확인하고 잠시 뒤에 다시 해 주세요",
            "check that the database is up, its address and the firewall, and try again in a moment",
        ),
        Cause::StatementTimeout => of(
            "데이터베이스가 시간 안에 끝내지 못했어요",
            "the database did not finish in the time it is given",
            "잠시 뒤에 다시 해 주세요. 계속되면 데이터베이스나 주소의 statement_timeout을 늘려 주세요",
            "try again in a moment; if it goes on, raise statement_timeout in the database or in the address",
        ),
        Cause::Shutdown => of(
            "데이터베이스가 꺼지거나 켜지는 중이에요",
            "the database is shutting down or starting",
            "데이터베이스가 다시 뜨면 다시 해 주세요",
            "try again once the database is up",
        ),
        Cause::LockHeld => of(
            "다른 프로그램이 장부를 오래 잠그고 있어요",
            "another program holds the ledger's lock",
            "다른 hoesu나 백업, sqlite3 같은 프로그램이 장부를 쓰고 있는지 보고, 끝난 뒤 다시 해 주세요",
            "see whether another hoesu, a backup or sqlite3 works on the ledger, and try again when it is done",
        ),
        Cause::Conflict => of(
            "동시에 일어난 다른 작업과 부딪혔어요",
            "another transaction was in the way",
            "그대로 다시 해 주세요",
            "try again as it is",
        ),
        Cause::Corrupt => of(
            "장부가 손상됐어요",
            "the ledger is damaged",
            "쓰기를 멈추고 데이터 폴더를 복사해 둔 뒤 백업에서 되살려 주세요. `hoesu doctor`가 어디가 손상됐는지 보여 줘요",
            "stop writing, copy the data folder aside, and restore from your backup; `hoesu doctor` says what is damaged",
        ),
        Cause::PermissionDenied => of(
            "권한이 없어요",
            "permission is denied",
            "파일과 폴더의 주인과 권한을, PostgreSQL이라면 사용자의 GRANT를 확인해 주세요",
            "check the owner and permissions of the file and its folder or, on PostgreSQL, the role's grants",
        ),
        Cause::CannotOpen => of(
            "파일을 열 수 없어요",
            "the file cannot be opened",
            "경로가 맞는지, 폴더가 있고 그 폴더를 쓸 수 있는지 확인해 주세요",
            "check the path, and that its folder is there and can be used",
        ),
        Cause::Disk => of(
            "디스크가 오류를 냈어요",
            "the disk reported an error",
            "시스템 로그에서 디스크를 확인하고 백업이 있는지 확인해 주세요",
            "look at the disk in the system's log, and at your backup",
        ),
        Cause::NewerLedger => of(
            "더 새로운 hoesu가 쓴 장부예요",
            "the ledger was written by a newer hoesu",
            "hoesu를 그 버전으로 올려 주세요. 장부는 멀쩡하니 되살릴 필요가 없어요",
            "use that version or a later one; the ledger is whole, nothing has to be restored",
        ),
        Cause::NoLedger => of(
            "장부가 아직 없어요",
            "there is no ledger yet",
            "--data(HOESU_DATA)나 --database 주소가 맞는지 확인해 주세요. 처음이라면 `hoesu account add`로 첫 계정을 만들어 주세요",
            "check --data (HOESU_DATA) or the address in --database; if this is the first time, make a first account with `hoesu account add`",
        ),
        Cause::LostLedger => of(
            "마스터 키는 있는데 장부가 없어요",
            "there is the master key of a ledger, and no ledger",
            "--data가 맞는지, 디스크가 마운트됐는지 확인하고 백업에서 장부를 되살려 주세요. 새 장부로 처음부터 시작하려면 키 파일을 다른 곳으로 옮긴 뒤 다시 시작해 주세요",
            "check --data and that its disk is mounted, and restore the ledger from your backup; to begin anew with an empty ledger, move the key file away and start again",
        ),
        Cause::OlderLedger => of(
            "예전 hoesu가 만든 장부라 구조를 새 버전으로 바꿔야 해요",
            "an older hoesu made the ledger, and its schema has to be brought up to date",
            "백업한 뒤 --no-migrate 없이 한 번 시작해 주세요",
            "back it up, then start once without --no-migrate",
        ),
        Cause::UnreleasedLedger => of(
            "hoesu가 정식으로 나오기 전에 만든 장부예요. 이 버전으로 옮길 수 없어요",
            "the ledger was made before hoesu's first release and cannot be migrated",
            "만들었던 hoesu로 `hoesu export` 해서 새 장부에 `hoesu import` 해 주세요",
            "with the hoesu that made it run `hoesu export`, and `hoesu import` that into a new ledger",
        ),
        Cause::Migration => of(
            "장부 구조를 새 버전으로 바꾸지 못했어요",
            "the ledger's schema could not be brought up to date",
            "백업이 있는지 확인한 뒤 다시 해 주세요. `hoesu doctor`로도 확인할 수 있어요",
            "check your backup, then try again; `hoesu doctor` looks at it",
        ),
        Cause::Key => of(
            "마스터 키로 장부를 열 수 없어요",
            "the master key does not open the ledger",
            "이 장부를 만든 키 파일을 --master-key-file로 알려 주세요",
            "give the key file this ledger was made with by --master-key-file",
        ),
        Cause::Sealed => of(
            "봉인된 값이 열리지 않아요. 장부 파일이 손상됐거나 키가 달라요",
            "a sealed value does not open: the ledger is damaged or the key is another one",
            "`hoesu doctor`로 확인해 주세요",
            "`hoesu doctor` looks at it",
        ),
        Cause::Unreadable => of(
            "장부에 읽을 수 없는 값이 있어요",
            "the ledger holds a value that cannot be read",
            "더 새로운 hoesu로 쓴 장부라면 hoesu를 새 버전으로 바꿔 주세요",
            "if a newer hoesu wrote it, use that one",
        ),
        Cause::Refused => of(
            "장부가 받아들이지 않았어요",
            "the ledger refused",
            "고쳐서 다시 해 주세요",
            "correct it and try again",
        ),
        Cause::WentBack => of(
            "데이터베이스가 예전 상태로 돌아갔거나 다른 것으로 바뀌었어요",
            "the database went back in time or was exchanged",
            "백업을 되돌렸다면 끝난 뒤에 처음부터 다시 해 주세요",
            "once a backup is restored, do it again from the start",
        ),
        Cause::Closed => of(
            "장부가 닫혔어요",
            "the ledger is closed",
            "hoesu를 다시 시작해 주세요",
            "start hoesu again",
        ),
        Cause::Unexpected => of(
            "예상하지 못한 오류예요",
            "an unexpected error",
            "`hoesu doctor`로 상태를 확인하고, 계속되면 이 메시지를 개발자에게 알려 주세요",
            "`hoesu doctor` looks at the ledger's state; if it goes on, report this message",
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn has_korean(text: &str) -> bool {
        text.chars().any(|c| ('가'..='힣').contains(&c))
    }

    #[test]
    fn every_cause_has_words_of_its_own_in_both_languages() {
        let mut seen = BTreeSet::new();
        for cause in Cause::ALL {
            let Explained { title, remedy } = explained(cause);
            for Title { ko, en } in [title, remedy] {
                assert!(has_korean(ko) && !has_korean(en) && !en.is_empty(), "{cause:?}");
                assert!(seen.insert(ko) && seen.insert(en), "{cause:?}: {ko}, {en}");
            }
        }
    }
}
