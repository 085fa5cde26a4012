//! What must stay true of the repository itself: read from its manifests, sources and migrations.

mod arrows;
mod licences;
mod machine;
mod migrations;
mod names;
mod schema;
mod seeds;
mod sources;
mod statements;
mod workspace;
