//! What a statement answers, on either database, read into tuples and rows of our own.

use hoesu_claims::{AccountId, SellerId};

/// One row of an answer.
pub(crate) enum SqlRow<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a tokio_postgres::Row),
}

impl SqlRow<'_> {
    /// A column's text, where it lies.
    pub(crate) fn text(&self, at: usize) -> Result<&str, RowError> {
        match self {
            Self::Sqlite(row) => {
                row.get_ref(at).and_then(|value| Ok(value.as_str()?)).map_err(RowError::Sqlite)
            }
            Self::Postgres(row) => row.try_get(at).map_err(RowError::Postgres),
        }
    }

    /// A column's bytes, the same.
    pub(crate) fn bytes(&self, at: usize) -> Result<&[u8], RowError> {
        match self {
            Self::Sqlite(row) => {
                row.get_ref(at).and_then(|value| Ok(value.as_blob()?)).map_err(RowError::Sqlite)
            }
            Self::Postgres(row) => row.try_get(at).map_err(RowError::Postgres),
        }
    }
}

/// Why a row could not be read.
pub(crate) enum RowError {
    Sqlite(rusqlite::Error),
    Postgres(tokio_postgres::Error),
    /// A stored value is not one this version can read.
    Unreadable(&'static str),
}

/// Read from some columns of a row that stand together: a value, a tuple, a row of our own.
pub(crate) trait FromRow: Sized {
    /// How many columns.
    const COLUMNS: usize;

    /// Reads them, the first being at `at`.
    fn read(row: &SqlRow<'_>, at: usize) -> Result<Self, RowError>;
}

macro_rules! column {
    ($($kind:ty),*) => {$(
        impl FromRow for $kind {
            const COLUMNS: usize = 1;

            fn read(row: &SqlRow<'_>, at: usize) -> Result<Self, RowError> {
                match row {
                    SqlRow::Sqlite(row) => row.get(at).map_err(RowError::Sqlite),
                    SqlRow::Postgres(row) => row.try_get(at).map_err(RowError::Postgres),
                }
            }
        }
    )*};
}

column!(i64, Option<i64>, String, Option<String>, Vec<u8>, Option<Vec<u8>>);

impl FromRow for bool {
    const COLUMNS: usize = 1;

    /// A number in a table; what a condition answers is one in SQLite alone.
    fn read(row: &SqlRow<'_>, at: usize) -> Result<Self, RowError> {
        match row {
            SqlRow::Sqlite(row) => row.get(at).map_err(RowError::Sqlite),
            SqlRow::Postgres(row) => match row.try_get(at) {
                Ok(is_so) => Ok(is_so),
                Err(_) => {
                    row.try_get::<_, i64>(at).map(|number| number != 0).map_err(RowError::Postgres)
                }
            },
        }
    }
}

impl FromRow for u32 {
    const COLUMNS: usize = 1;

    fn read(row: &SqlRow<'_>, at: usize) -> Result<Self, RowError> {
        Self::try_from(i64::read(row, at)?).map_err(|_| RowError::Unreadable("number"))
    }
}

impl FromRow for SellerId {
    const COLUMNS: usize = 1;

    fn read(row: &SqlRow<'_>, at: usize) -> Result<Self, RowError> {
        i64::read(row, at).map(Self)
    }
}

impl FromRow for AccountId {
    const COLUMNS: usize = 1;

    fn read(row: &SqlRow<'_>, at: usize) -> Result<Self, RowError> {
        i64::read(row, at).map(Self)
    }
}

macro_rules! tuple {
    ($($part:ident)*) => {
        impl<$($part: FromRow),*> FromRow for ($($part,)*) {
            const COLUMNS: usize = 0 $(+ $part::COLUMNS)*;

            fn read(row: &SqlRow<'_>, at: usize) -> Result<Self, RowError> {
                let mut next = at;
                let mut after = |columns| {
                    let first = next;
                    next += columns;
                    first
                };
                Ok(($($part::read(row, after($part::COLUMNS))?,)*))
            }
        }
    };
}

tuple!(A);
tuple!(A B);
tuple!(A B C);
tuple!(A B C D);
tuple!(A B C D E);
tuple!(A B C D E F);
tuple!(A B C D E F G);
tuple!(A B C D E F G H);
tuple!(A B C D E F G H I);
tuple!(A B C D E F G H I J);
tuple!(A B C D E F G H I J K);
tuple!(A B C D E F G H I J K L);
tuple!(A B C D E F G H I J K L M);
tuple!(A B C D E F G H I J K L M N);
tuple!(A B C D E F G H I J K L M N O);
tuple!(A B C D E F G H I J K L M N O P);
