//! A channel's name stands in its own folder, in the registry, and in data, tests and prose: code
//! elsewhere iterates the registry, so that a new channel is a folder and a line.

use std::path::Path;

use crate::workspace::{files, read, root, said};

/// Files that may name channels, and why.
const EXCUSED: [(&str, &str); 1] = [("crates/channels/src/lib.rs", "the registry")];

#[test]
fn nobody_names_a_channel_but_its_folder_and_the_registry() {
    let channels = channels();
    assert!(!channels.is_empty(), "there are channels");
    let mut named = Vec::new();
    for path in files("crates", "rs") {
        let place = said(&path);
        if is_test(&path) || EXCUSED.iter().any(|(file, _why)| *file == place) {
            continue;
        }
        // One channel may speak of another: the one's data carries the other's name.
        if channels
            .iter()
            .any(|channel| place.starts_with(&format!("crates/channels/src/{channel}/")))
        {
            continue;
        }
        let text = read(&path);
        for (line, words) in code(&text) {
            for channel in channels.iter().filter(|channel| has_word(words, channel)) {
                named.push(format!("{place}:{line} names {channel}"));
            }
        }
    }
    assert!(named.is_empty(), "{}", named.join("\n"));
}

/// The channels are the folders of `channels` that hold wire bytes.
fn channels() -> Vec<String> {
    let home = root().join("crates/channels/src");
    let mut channels: Vec<String> = home
        .read_dir()
        .expect("the channels crate")
        .filter_map(|entry| {
            let path = entry.expect("a folder can be listed").path();
            let name = path.file_name()?.to_str()?.to_owned();
            path.join("fixtures").exists().then_some(name)
        })
        .collect();
    channels.sort();
    channels
}

fn is_test(path: &Path) -> bool {
    path.ends_with("tests.rs") || path.iter().any(|part| part == "tests")
}

/// The lines above the file's own tests, numbered from 1.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .take_while(|line| *line != "#[cfg(test)]")
        .enumerate()
        .map(|(at, line)| (at + 1, line))
}

/// Whether a line has the word, in whatever case, as a word of its own or between underscores.
fn has_word(line: &str, word: &str) -> bool {
    let line = line.to_lowercase();
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

#[test]
fn a_name_inside_a_longer_word_is_no_name() {
    assert!(has_word("let Ssg = 1;", "ssg") && has_word("ssg_key", "ssg"));
    assert!(!has_word("the message", "ssg") && !has_word("passgo", "ssg"));
}
