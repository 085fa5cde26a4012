//! What holds of every channel, whichever it is. Cases are chosen from its capabilities, its connector's
//! feeds, lookups and deeds, and from what its stall tells and its documentation shows: no channel is
//! named here, and a new one is walked into by the registry.

mod deeds;
mod denied;
mod failing;
mod fair;
mod lookups;
mod paging;
mod tolerant;
mod windows;
