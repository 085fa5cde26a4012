//! Digests of what was understood, the same whatever the order in which documents arrived: a version's
//! number counts arrivals, so it is left out.

use std::collections::BTreeMap;

use hoesu_claims::{Case, Finding};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// Of a case.
pub(crate) fn of_case(mut case: Case) -> [u8; 32] {
    for document in &mut case.documents {
        document.version = 0;
    }
    of(&case)
}

/// Of findings, in their order.
pub(crate) fn of_findings(findings: &[Finding]) -> [u8; 32] {
    let mut findings = findings.to_vec();
    for finding in &mut findings {
        for document in &mut finding.evidence {
            document.version = 0;
        }
    }
    of(&findings)
}

/// Of cases and their findings by the cases' keys.
pub(crate) fn of_rows(rows: &BTreeMap<String, [[u8; 32]; 2]>) -> [u8; 32] {
    of(&rows.iter().collect::<Vec<_>>())
}

fn of(value: &impl Serialize) -> [u8; 32] {
    let mut hasher = Sha256::new();
    serde_json::to_writer(Writing(&mut hasher), value).expect("it is words and numbers");
    hasher.finalize().into()
}

/// A hasher as something to write to.
struct Writing<'a>(&'a mut Sha256);

impl std::io::Write for Writing<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
