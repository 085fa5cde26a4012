//! Findings as people read them.

use hoesu_engine::told::{Evidence, Finding};

use crate::lang::Lang;
use crate::when;

/// In a few lines: what it is, what to do, until when, who says so.
pub(crate) fn text(finding: &Finding, lang: Lang) -> String {
    let rule = match lang {
        Lang::Ko => format!("[{}] {}", finding.rule.korean(), finding.rule.id()),
        Lang::En => format!("[{}]", finding.rule.id()),
    };
    let deadline =
        finding.deadline.map(|at| format!(" · {} {}", lang.pick("기한", "due"), when::kst(at)));
    let since = format!("{} {}", lang.pick("발생", "since"), when::kst(finding.since));
    let documents: Vec<String> = finding.evidence.iter().map(evidence).collect();
    format!(
        "{rule}\n  {}\n  {since}{}\n  {} {}",
        lang.pick(&finding.sentence.ko, &finding.sentence.en),
        deadline.unwrap_or_default(),
        lang.pick("근거", "evidence"),
        documents.join(", ")
    )
}

/// A version of a document, in a line.
fn evidence(Evidence { id: _, account, kind, key, version }: &Evidence) -> String {
    format!("{account} {kind} {key} v{version}")
}
