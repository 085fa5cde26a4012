//! A market from outside: what happens, in which order, and that only what it is given decides it.

mod at_large;
mod places;
mod steps;
