//! Why the ledger failed, as one table: what each code of either database means and whether trying
//! again helps.

use std::error::Error as _;
use std::io::ErrorKind;

use rusqlite::ErrorCode;
use rusqlite::ffi;
use tokio_rustls::rustls;

/// Whether trying again helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// By itself, within moments.
    Soon,
    /// Once a person has mended what hoesu stands on; nothing that was asked has to be changed.
    AfterRepair,
    /// No: the same call fails the same way.
    Never,
}

/// Why the ledger failed, as far as people and programs have to tell one reason from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cause {
    /// No room is left on the database's disk, or it may not grow.
    DiskFull,
    /// The database's machine is out of memory or another resource.
    Resources,
    /// The database does not know the password.
    Password,
    /// The role does not exist or may not sign in.
    Role,
    /// The server's rules let nobody in from here as this role (`pg_hba.conf`).
    LoginRefused,
    /// The database does not exist.
    Database,
    /// The database's URL cannot be gone by.
    DatabaseUrl,
    /// One side wants TLS and the other has none.
    Tls,
    /// The server's certificate is not of a trusted authority, of another host, or out of date.
    Certificate,
    /// The server does not take the certificate it was shown, or misses one.
    ClientCertificate,
    /// A pooler gave the connection's prepared statements to others, or others' to it.
    Pooler,
    /// The server, the database or the role has all the connections it may have.
    TooManyConnections,
    /// All connections of this process are in use.
    PoolBusy,
    /// The file may not be written.
    ReadOnlyFile,
    /// The server is a standby or was made read-only.
    ReadOnlyServer,
    /// The server cannot be reached, or the connection broke.
    Unreachable,
    /// The server gave a statement up because it took too long.
    StatementTimeout,
    /// The server is shutting down, starting, or ended the connection.
    Shutdown,
    /// Somebody else held a lock longer than is waited for.
    LockHeld,
    /// Two transactions were in each other's way and this one was given up.
    Conflict,
    /// The file or the server's data is damaged.
    Corrupt,
    /// The system or the database forbids it.
    PermissionDenied,
    /// The file cannot be opened.
    CannotOpen,
    /// The disk reported an error.
    Disk,
    /// A newer hoesu has changed the ledger's structure.
    NewerLedger,
    /// There is no ledger, and none was to be made.
    NoLedger,
    /// There is the master key of a ledger, and no ledger.
    LostLedger,
    /// An older hoesu made the ledger's structure, and it was not to be brought up to date.
    OlderLedger,
    /// The ledger is from before the first release.
    UnreleasedLedger,
    /// The structure could not be brought up to date.
    Migration,
    /// The master key is missing, malformed or another one.
    Key,
    /// A sealed value does not open.
    Sealed,
    /// A stored value cannot be read by this version.
    Unreadable,
    /// The caller's mistake.
    Refused,
    /// The database is an older copy, or another one, than what was begun on.
    WentBack,
    /// The ledger is closed.
    Closed,
    /// Anything else: a mistake of ours.
    Unexpected,
}

impl Cause {
    /// All of them.
    pub const ALL: [Self; 37] = [
        Self::DiskFull,
        Self::Resources,
        Self::Password,
        Self::Role,
        Self::LoginRefused,
        Self::Database,
        Self::DatabaseUrl,
        Self::Tls,
        Self::Certificate,
        Self::ClientCertificate,
        Self::Pooler,
        Self::TooManyConnections,
        Self::PoolBusy,
        Self::ReadOnlyFile,
        Self::ReadOnlyServer,
        Self::Unreachable,
        Self::StatementTimeout,
        Self::Shutdown,
        Self::LockHeld,
        Self::Conflict,
        Self::Corrupt,
        Self::PermissionDenied,
        Self::CannotOpen,
        Self::Disk,
        Self::NewerLedger,
        Self::NoLedger,
        Self::LostLedger,
        Self::OlderLedger,
        Self::UnreleasedLedger,
        Self::Migration,
        Self::Key,
        Self::Sealed,
        Self::Unreadable,
        Self::Refused,
        Self::WentBack,
        Self::Closed,
        Self::Unexpected,
    ];

    /// The word programs know it by; it never changes.
    pub const fn code(self) -> &'static str {
        match self {
            Self::DiskFull => "disk-full",
            Self::Resources => "out-of-resources",
            Self::Password => "wrong-password",
            Self::Role => "unknown-role",
            Self::LoginRefused => "login-refused",
            Self::Database => "unknown-database",
            Self::DatabaseUrl => "database-url",
            Self::Tls => "tls-mismatch",
            Self::Certificate => "untrusted-certificate",
            Self::ClientCertificate => "client-certificate",
            Self::Pooler => "pooled-statements",
            Self::TooManyConnections => "too-many-connections",
            Self::PoolBusy => "pool-busy",
            Self::ReadOnlyFile => "read-only-file",
            Self::ReadOnlyServer => "read-only-server",
            Self::Unreachable => "unreachable",
            Self::StatementTimeout => "statement-timeout",
            Self::Shutdown => "server-shutdown",
            Self::LockHeld => "lock-held",
            Self::Conflict => "conflict",
            Self::Corrupt => "corrupt",
            Self::PermissionDenied => "permission-denied",
            Self::CannotOpen => "cannot-open",
            Self::Disk => "disk-error",
            Self::NewerLedger => "newer-ledger",
            Self::NoLedger => "no-ledger",
            Self::LostLedger => "lost-ledger",
            Self::OlderLedger => "older-ledger",
            Self::UnreleasedLedger => "unreleased-ledger",
            Self::Migration => "migration-failed",
            Self::Key => "master-key",
            Self::Sealed => "sealed",
            Self::Unreadable => "unreadable",
            Self::Refused => "refused",
            Self::WentBack => "went-back",
            Self::Closed => "closed",
            Self::Unexpected => "unexpected",
        }
    }

    /// Whether trying again helps.
    pub const fn retry(self) -> Retry {
        match self {
            Self::Resources
            | Self::TooManyConnections
            | Self::PoolBusy
            | Self::Unreachable
            | Self::StatementTimeout
            | Self::Shutdown
            | Self::LockHeld
            | Self::Conflict
            | Self::WentBack => Retry::Soon,
            Self::DiskFull
            | Self::Password
            | Self::Role
            | Self::LoginRefused
            | Self::Database
            | Self::Tls
            | Self::Certificate
            | Self::ClientCertificate
            | Self::Pooler
            | Self::ReadOnlyFile
            | Self::ReadOnlyServer
            | Self::PermissionDenied
            | Self::CannotOpen
            | Self::Disk => Retry::AfterRepair,
            Self::Corrupt
            | Self::NewerLedger
            | Self::NoLedger
            | Self::LostLedger
            | Self::OlderLedger
            | Self::UnreleasedLedger
            | Self::Migration
            | Self::DatabaseUrl
            | Self::Key
            | Self::Sealed
            | Self::Unreadable
            | Self::Refused
            | Self::Closed
            | Self::Unexpected => Retry::Never,
        }
    }

    /// Whether the ledger is to be called unavailable: what was asked is right, and can be asked again
    /// as it is.
    pub fn is_unavailable(self) -> bool {
        self.retry() != Retry::Never
    }

    /// What a five-letter code of PostgreSQL means.
    pub(crate) fn of_sqlstate(code: &str) -> Self {
        match code {
            "53100" => Self::DiskFull,
            "53300" => Self::TooManyConnections,
            "28P01" => Self::Password,
            "3D000" | "57P04" => Self::Database,
            "25006" => Self::ReadOnlyServer,
            "57014" | "25P04" => Self::StatementTimeout,
            "57P01" | "57P02" | "57P03" => Self::Shutdown,
            // Connections that were idle for too long.
            "57P05" | "25P03" => Self::Unreachable,
            "55P03" => Self::LockHeld,
            // A prepared statement that is there already, or not any more.
            "42P05" | "26000" => Self::Pooler,
            "42501" => Self::PermissionDenied,
            "58P01" | "XX001" | "XX002" => Self::Corrupt,
            "58030" => Self::Disk,
            _ => match code.get(..2) {
                Some("08") => Self::Unreachable,
                Some("28") => Self::LoginRefused,
                Some("40") => Self::Conflict,
                Some("53") => Self::Resources,
                Some(_) | None => Self::Unexpected,
            },
        }
    }

    /// What a code of SQLite means.
    pub(crate) fn of_sqlite(error: ffi::Error) -> Self {
        if error.extended_code == ffi::SQLITE_BUSY_SNAPSHOT {
            return Self::Conflict;
        }
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "the rest, known or not, is a mistake of ours"
        )]
        match error.code {
            ErrorCode::DiskFull => Self::DiskFull,
            ErrorCode::OutOfMemory => Self::Resources,
            ErrorCode::ReadOnly => Self::ReadOnlyFile,
            ErrorCode::OperationInterrupted => Self::StatementTimeout,
            ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::FileLockingProtocolFailed => Self::LockHeld,
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::Corrupt,
            ErrorCode::PermissionDenied | ErrorCode::AuthorizationForStatementDenied => {
                Self::PermissionDenied
            }
            ErrorCode::CannotOpen => Self::CannotOpen,
            ErrorCode::SystemIoFailure => Self::Disk,
            // Constraints, types, sizes, misuse, and what a later SQLite may say.
            _ => Self::Unexpected,
        }
    }

    pub(super) fn of_rusqlite(error: &rusqlite::Error) -> Self {
        error.sqlite_error().map_or(Self::Unexpected, |error| Self::of_sqlite(*error))
    }

    pub(super) fn of_postgres(error: &tokio_postgres::Error) -> Self {
        let Some(said) = error.as_db_error() else {
            match of_rustls(error) {
                Some(rustls::Error::InvalidCertificate(_)) => return Self::Certificate,
                Some(rustls::Error::AlertReceived(_)) => return Self::ClientCertificate,
                _ => {}
            }
            if is_read_only(error) {
                return Self::ReadOnlyServer;
            }
            // The driver tells its kinds apart by their text alone.
            return match error.to_string().as_str() {
                "error connecting to server"
                | "error communicating with the server"
                | "connection closed"
                | "timeout waiting for server" => Self::Unreachable,
                "error performing TLS handshake" => Self::Tls,
                "authentication error" | "invalid configuration" => Self::Password,
                _ => Self::Unexpected,
            };
        };
        if said.code().code() == "08P01"
            && let Some(cause) = Self::of_pgbouncer(said.message())
        {
            return cause;
        }
        let cause = Self::of_sqlstate(said.code().code());
        // The server's language may be any; the name of its own function is not translated.
        let is_role = said.routine() == Some("InitializeSessionUserId");
        if cause == Self::LoginRefused && is_role { Self::Role } else { cause }
    }

    /// What PgBouncer means: it has one code for everything, and one language.
    fn of_pgbouncer(message: &str) -> Option<Self> {
        [
            ("authentication failed", Self::LoginRefused),
            ("no such user", Self::LoginRefused),
            ("no such database", Self::Database),
            ("unsupported startup parameter", Self::DatabaseUrl),
            ("no more connections allowed", Self::TooManyConnections),
            ("query_timeout", Self::StatementTimeout),
            ("shutting down", Self::Shutdown),
        ]
        .iter()
        .find_map(|(said, cause)| message.contains(said).then_some(*cause))
    }

    pub(super) fn of_io(error: &std::io::Error) -> Self {
        #[expect(clippy::wildcard_enum_match_arm, reason = "the rest, known or not, is the disk's")]
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::DiskFull,
            ErrorKind::PermissionDenied => Self::PermissionDenied,
            ErrorKind::ReadOnlyFilesystem => Self::ReadOnlyFile,
            ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::IsADirectory => {
                Self::CannotOpen
            }
            ErrorKind::OutOfMemory => Self::Resources,
            // Only locks on files are tried without waiting.
            ErrorKind::WouldBlock => Self::LockHeld,
            _ => Self::Disk,
        }
    }
}

/// What TLS failed with, as the driver wraps it.
pub(crate) fn of_rustls(error: &tokio_postgres::Error) -> Option<&rustls::Error> {
    let io: &std::io::Error = error.source()?.downcast_ref()?;
    io.get_ref()?.downcast_ref()
}

/// Whether the driver left a server alone because it cannot be written to.
pub(crate) fn is_read_only(error: &tokio_postgres::Error) -> bool {
    let io = error.source().and_then(|source| source.downcast_ref::<std::io::Error>());
    io.is_some_and(|io| {
        io.kind() == ErrorKind::PermissionDenied && io.to_string().contains("does not allow writes")
    })
}
