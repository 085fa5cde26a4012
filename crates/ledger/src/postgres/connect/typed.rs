//! Which type of the database a value is of, so that a statement can be sent without asking first.

use bytes::BytesMut;
use tokio_postgres::types::{ToSql, Type};

/// A value and its type.
pub(super) type Typed<'a> = (&'a (dyn ToSql + Sync), Type);

/// Every type that a statement of the ledger is given, the most usual first.
const TYPES: [Type; 10] = [
    Type::INT8,
    Type::TEXT,
    Type::BYTEA,
    Type::INT8_ARRAY,
    Type::TEXT_ARRAY,
    Type::BYTEA_ARRAY,
    Type::BOOL,
    Type::BOOL_ARRAY,
    Type::INT4,
    Type::FLOAT8,
];

/// Values with their types. A value does not say which it is of, only whether it is of this one.
pub(super) fn typed<'a>(values: &[&'a (dyn ToSql + Sync)]) -> Vec<Typed<'a>> {
    let mut bytes = BytesMut::new();
    let mut of = |value: &'a (dyn ToSql + Sync)| {
        let is = |of: &&Type| {
            bytes.clear();
            value.to_sql_checked(of, &mut bytes).is_ok()
        };
        // What is of none is refused by the driver, with its place.
        (value, TYPES.iter().find(is).cloned().unwrap_or(Type::UNKNOWN))
    };
    values.iter().map(|value| of(*value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_its_type() {
        let text = String::from("t");
        let values: [(&(dyn ToSql + Sync), Type); 13] = [
            (&1_i64, Type::INT8),
            (&None::<i64>, Type::INT8),
            (&"t", Type::TEXT),
            (&text, Type::TEXT),
            (&None::<String>, Type::TEXT),
            (&vec![1_u8], Type::BYTEA),
            (&[1_u8].as_slice(), Type::BYTEA),
            (&vec![1_i64], Type::INT8_ARRAY),
            (&Vec::<Option<i64>>::new(), Type::INT8_ARRAY),
            (&vec![&text], Type::TEXT_ARRAY),
            (&vec![&None::<String>], Type::TEXT_ARRAY),
            (&vec![[1_u8].as_slice()], Type::BYTEA_ARRAY),
            (&true, Type::BOOL),
        ];
        for (value, wanted) in values {
            assert_eq!(typed(&[value])[0].1, wanted);
        }
    }
}
