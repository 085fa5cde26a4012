#![doc = include_str!("../README.md")]

pub mod postgres;
mod throwaway;

pub use throwaway::{Database, TestLedger, on_both, throwaway};
