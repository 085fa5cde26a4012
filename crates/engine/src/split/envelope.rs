//! Where in a body records may stand, as a small tree of member names.

/// A place in the tree: the root, or what a path of member names leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place(u16);

/// The paths of [`hoesu_channels::Capabilities::envelopes`], by prefix.
#[derive(Debug)]
pub(super) struct Envelopes {
    nodes: Vec<Node>,
}

#[derive(Debug)]
struct Node {
    parent: u16,
    name: &'static str,
    holds_records: bool,
}

impl Envelopes {
    /// Outside of any envelope: a record may stand bare here.
    pub(super) const ROOT: Place = Place(0);

    pub(super) fn new(paths: &'static [&'static [&'static str]]) -> Self {
        let mut tree = Self { nodes: vec![Node { parent: 0, name: "", holds_records: true }] };
        for path in paths {
            let mut at = Self::ROOT;
            for name in *path {
                at = tree.member(at, name.as_bytes()).unwrap_or_else(|| {
                    tree.nodes.push(Node { parent: at.0, name, holds_records: false });
                    Place((tree.nodes.len() - 1) as u16)
                });
            }
            tree.nodes[usize::from(at.0)].holds_records = true;
        }
        tree
    }

    /// The place a member of the object at `place` leads to, if an envelope goes on there.
    pub(super) fn member(&self, place: Place, name: &[u8]) -> Option<Place> {
        let found = self
            .nodes
            .iter()
            .enumerate()
            .skip(1)
            .find(|(_, node)| node.parent == place.0 && node.name.as_bytes() == name);
        found.map(|(index, _)| Place(index as u16))
    }

    /// Whether what stands here is records, and not only a step towards them.
    pub(super) fn holds_records(&self, place: Place) -> bool {
        self.nodes[usize::from(place.0)].holds_records
    }
}
