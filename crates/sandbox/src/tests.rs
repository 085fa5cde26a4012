//! A market in process: its control, its surfaces and its faults, called as callers call.

mod calls;
mod control;
mod faults;
mod reading;
mod same;
