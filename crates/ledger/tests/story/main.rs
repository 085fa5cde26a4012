//! Every verb of the ledger, told once and lived through on both databases.

mod access;
mod api_keys;
mod books;
mod cases;
mod clocks;
mod coverage;
mod directory;
mod documents;
mod failures;
mod lists;
mod older;
mod order;
mod overview;
mod people;
mod refusals;
mod secrecy;
mod tell;
