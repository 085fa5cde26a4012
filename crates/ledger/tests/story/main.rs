//! Every verb of the ledger, told once and lived through on both databases.

mod access;
mod api_keys;
mod books;
mod broken;
mod cases;
mod clocks;
mod connect;
mod counters;
mod coverage;
mod directory;
mod documents;
mod failures;
mod full;
mod held;
mod lists;
mod locked;
mod look;
mod migrations;
mod older;
mod order;
mod overview;
mod people;
mod proxy;
mod refusals;
mod secrecy;
mod tell;
