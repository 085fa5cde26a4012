#![doc = include_str!("../README.md")]

mod copy;
pub mod outside;
pub mod postgres;
pub mod property;
mod throwaway;

pub use copy::Copy;
pub use throwaway::{Database, TestLedger, on_both, throwaway, twins};
