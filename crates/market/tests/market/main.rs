//! A market from outside: what happens, in which order, and that only what it is given decides it.

mod acts;
mod at_large;
mod laws;
mod places;
mod steps;
mod stories;
