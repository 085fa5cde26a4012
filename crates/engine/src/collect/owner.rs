//! Who holds a lease: a process, so that others on its machine can see whether it still is.

use std::fs::read_to_string;
use std::sync::Arc;

/// A process as it is told to people and to other processes: `machine/number/start`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner(Arc<str>);

impl Owner {
    /// This process.
    pub fn this() -> Self {
        let number = std::process::id();
        Self(format!("{}/{number}/{}", machine(), start(number).unwrap_or_default()).into())
    }

    /// An owner of any name.
    pub fn named(name: &str) -> Self {
        Self(name.into())
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.0
    }

    /// Whether another owner was a process of our machine that is no more. Of other machines nothing is
    /// known, nor where the system doesn't say when a process began.
    pub fn knows_gone(&self, other: &str) -> bool {
        let parts = |name: &str| {
            let mut parts = name.rsplitn(3, '/').map(str::to_owned);
            let (start, number) = (parts.next()?, parts.next()?);
            Some((parts.next()?, number.parse::<u32>().ok()?, start))
        };
        let (Some((here, _, _)), Some((there, number, began))) = (parts(&self.0), parts(other))
        else {
            return false;
        };
        here == there && !began.is_empty() && start(number).as_deref() != Some(&*began)
    }
}

/// The machine's name, and its present life: numbers of processes begin anew with each.
fn machine() -> String {
    let line = |path| read_to_string(path).unwrap_or_default().trim().to_owned();
    let (name, boot) = (line("/proc/sys/kernel/hostname"), line("/proc/sys/kernel/random/boot_id"));
    format!("{name}.{}", boot.get(..8).unwrap_or_default())
}

/// When a process began, in ticks of the machine; `None` if there is none of the number.
fn start(number: u32) -> Option<String> {
    let stat = read_to_string(format!("/proc/{number}/stat")).ok()?;
    // The second field, in parentheses, may hold anything; the 22nd is the start.
    stat.rsplit_once(')')?.1.split_ascii_whitespace().nth(19).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_there_until_it_is_gone() {
        let ours = Owner::this();
        assert!(!ours.knows_gone(ours.name()));
        let mut child = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        let theirs = format!("{}/{}/{}", machine(), child.id(), start(child.id()).unwrap());
        assert!(!ours.knows_gone(&theirs));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(ours.knows_gone(&theirs));
    }

    #[test]
    fn a_number_given_to_another_process_is_not_the_one_it_was() {
        let ours = Owner::this();
        assert!(ours.knows_gone(&format!("{}/{}/1", machine(), std::process::id())));
    }

    #[test]
    fn nothing_is_said_of_other_machines() {
        assert!(!Owner::this().knows_gone("elsewhere.0/1/1"));
        assert!(!Owner::this().knows_gone("anything"));
    }
}
