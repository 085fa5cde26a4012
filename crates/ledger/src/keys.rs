//! Keys.
/// Opens every seller's key.
pub struct MasterKey {}
