//! Objects, and never the lists of values by position that serde would take for a struct as well.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::Serialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

/// For `deserialize_with`: an object or `null`.
pub(crate) fn one<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    reader: D,
) -> Result<Option<T>, D::Error> {
    Ok(Option::<Object<T>>::deserialize(reader)?.map(|Object(value)| value))
}

/// For `deserialize_with`: a list of objects or `null`.
pub(crate) fn many<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    reader: D,
) -> Result<Option<Vec<T>>, D::Error> {
    let list = Option::<Vec<Object<T>>>::deserialize(reader)?;
    Ok(list.map(|list| list.into_iter().map(|Object(value)| value).collect()))
}

/// A struct that is written as an object.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct Object<T>(pub(crate) T);

impl<T> Deref for Object<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        struct Members<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Object)
            }
        }

        reader.deserialize_map(Members(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use crate::{Refusal, json};

    #[derive(Debug, serde::Deserialize, PartialEq)]
    struct Parcel {
        no: i64,
    }

    #[derive(Debug, serde::Deserialize, PartialEq)]
    struct Wire {
        #[serde(default, deserialize_with = "super::one")]
        one: Option<Parcel>,
        #[serde(default, deserialize_with = "super::many")]
        many: Option<Vec<Parcel>>,
    }

    #[test]
    fn objects_are_read_and_null_and_nothing_are_none() {
        assert_eq!(
            json::decode::<Wire>(br#"{"one":{"no":1},"many":[{"no":2}]}"#).unwrap(),
            Wire { one: Some(Parcel { no: 1 }), many: Some(vec![Parcel { no: 2 }]) }
        );
        let none = Wire { one: None, many: None };
        assert_eq!(json::decode::<Wire>(br#"{"one":null,"many":null}"#).unwrap(), none);
        assert_eq!(json::decode::<Wire>(b"{}").unwrap(), none);
    }

    #[test]
    fn a_list_of_values_by_position_is_no_object() {
        let why = "has the wrong form, expected an object";
        for (text, field) in [(r#"{"one":[1]}"#, "one"), (r#"{"many":[[1]]}"#, "many[0]")] {
            assert_eq!(json::decode::<Wire>(text.as_bytes()).unwrap_err(), Refusal::of(field, why));
        }
    }

    #[test]
    fn a_fault_inside_is_named_by_its_whole_path() {
        let refusal = json::decode::<Wire>(br#"{"many":[{"no":1},{"no":"x"}]}"#).unwrap_err();
        assert_eq!(refusal, Refusal::of("many[1].no", "has the wrong form, expected i64"));
    }
}
