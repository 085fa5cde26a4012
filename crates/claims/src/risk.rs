//! What several findings say of the same money, so that a sum counts it once.
//!
//! Findings of a case that name a common claim are about the same money. Of their rules the one with the
//! most at risk counts; a sum over some rules counts the first of them there is.

use std::collections::{BTreeMap, BTreeSet};

use crate::assess::Finding;
use crate::rules::Rule;

/// For each of the findings of one case, the rules that tell of the same money and of no less of it: who
/// sums over any of these as well leaves this one out.
pub fn beside(findings: &[&Finding]) -> Vec<BTreeSet<Rule>> {
    let groups = groups(findings);
    let mut sums: BTreeMap<(usize, Rule), i128> = BTreeMap::new();
    for (finding, group) in findings.iter().zip(&groups) {
        let won = finding.won_at_risk.map_or(0, |won| i128::from(won.0));
        *sums.entry((*group, finding.rule)).or_default() += won;
    }
    let place = |group: usize, rule: Rule| (-sums.get(&(group, rule)).copied().unwrap_or(0), rule);
    let others = findings.iter().zip(&groups).map(|(finding, group)| {
        if finding.won_at_risk.is_none() {
            return BTreeSet::new();
        }
        let own = place(*group, finding.rule);
        let known = sums.keys().filter(|(of, rule)| of == group && place(*of, *rule) < own);
        known.map(|(_, rule)| *rule).collect()
    });
    others.collect()
}

/// The first of the findings each belongs together with.
fn groups(findings: &[&Finding]) -> Vec<usize> {
    let mut groups: Vec<usize> = (0..findings.len()).collect();
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, finding) in findings.iter().enumerate() {
        if finding.won_at_risk.is_none() {
            continue;
        }
        for claim in &finding.claims {
            let other = *known.entry(claim).or_insert(at);
            let (one, other) = (groups[at], groups[other]);
            let first = one.min(other);
            for group in &mut groups {
                if *group == one || *group == other {
                    *group = first;
                }
            }
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::assess::Sentence;
    use crate::money::Won;

    fn finding(rule: Rule, claims: &[&str], won: Option<i64>) -> Finding {
        Finding {
            id: String::new(),
            rule,
            order: String::new(),
            about: String::new(),
            since: Timestamp::UNIX_EPOCH,
            deadline: None,
            won_at_risk: won.map(Won),
            interest: None,
            claims: claims.iter().map(|claim| (*claim).to_owned()).collect(),
            proposed: None,
            evidence: Vec::new(),
            sentence: Sentence { ko: String::new(), en: String::new() },
        }
    }

    /// What findings have at risk together, counted over some rules.
    fn sum(findings: &[Finding], rules: &[Rule]) -> i64 {
        let beside = beside(&findings.iter().collect::<Vec<_>>());
        let counts = findings.iter().zip(beside).filter(|(finding, beside)| {
            rules.contains(&finding.rule) && !rules.iter().any(|rule| beside.contains(rule))
        });
        counts.filter_map(|(finding, _)| finding.won_at_risk).map(|won| won.0).sum()
    }

    #[test]
    fn the_money_of_a_claim_is_counted_once_whatever_rules_are_summed() {
        let all = [
            finding(Rule::StopShipment, &["1", "2"], Some(30)),
            finding(Rule::RefundDue, &["1"], Some(10)),
            finding(Rule::RefundDue, &["2"], Some(20)),
            finding(Rule::ArrivedUnconfirmed, &["3"], Some(7)),
            finding(Rule::RefundOverdue, &["3"], Some(7)),
            finding(Rule::FeeConflict, &[], Some(5)),
            finding(Rule::CollectionStalled, &["3"], None),
        ];
        assert_eq!(sum(&all, &Rule::ALL), 42);
        assert_eq!(sum(&all, &[Rule::RefundDue]), 30);
        assert_eq!(sum(&all, &[Rule::RefundDue, Rule::StopShipment]), 30);
        assert_eq!(sum(&all, &[Rule::ArrivedUnconfirmed]), 7);
        assert_eq!(sum(&all, &[Rule::RefundOverdue]), 7);
        assert_eq!(sum(&all, &[Rule::FeeConflict, Rule::RefundOverdue]), 12);
    }

    #[test]
    fn of_the_same_money_the_most_counts() {
        let all = [
            finding(Rule::RefundDue, &["1"], Some(10)),
            finding(Rule::QuantityMismatch, &["1"], Some(4)),
        ];
        assert_eq!(sum(&all, &Rule::ALL), 10);
        assert_eq!(sum(&all, &[Rule::QuantityMismatch]), 4);
    }
}
