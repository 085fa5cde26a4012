//! Reading a span of a feed to its end: windows, parts, pages, and coming back after a failure.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher as _};

use super::failure::ReadFailure;
use super::window::{Span, Window};
use super::{Ask, Feed, FeedPage, Page};

/// Pages in a row that may bring nothing new where a channel doesn't say how many rows there are: some
/// filter what a page holds after cutting it.
const IDLE_MAX: u32 = 2;

/// The most pages of one list. A longer one is read in smaller windows.
const PAGES_MAX: usize = 1_000;

/// A span of a feed as it is being read. It knows what to ask next and nothing else: no clock, no
/// connection, no records.
#[derive(Debug)]
pub struct Reading {
    feed: &'static Feed,
    span: Span,
    newest_first: bool,
    now: Option<At>,
    /// Later halves of windows that were too much, the next one last.
    halves: Vec<(Window, usize)>,
    rest: Option<Window>,
}

/// The page that is asked for next.
#[derive(Debug)]
struct At {
    window: Window,
    part: usize,
    page: Option<Page>,
    /// Every page that was named, this one too.
    asked: HashSet<Page>,
    /// The rows that came, each once.
    came: HashSet<u64>,
    pages: usize,
    /// Pages in a row that brought nothing new.
    idle: u32,
    total: Option<u64>,
}

impl At {
    fn start(window: Window, part: usize) -> Self {
        let (asked, came) = (HashSet::new(), HashSet::new());
        Self { window, part, page: None, asked, came, pages: 0, idle: 0, total: None }
    }

    /// Notes what a page brings; whether any of it is new.
    fn note(&mut self, names: impl Iterator<Item = u64>) -> bool {
        let before = self.came.len();
        self.came.extend(names);
        self.came.len() > before
    }
}

/// What a page meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// More pages of its window are to come.
    More,
    /// It was the last of its window: once its records are stored, this span has been read. Never
    /// reaches beyond the span that was to be read.
    Read(Span),
}

impl Reading {
    /// A span from its oldest window on.
    pub fn oldest_first(feed: &'static Feed, span: Span) -> Self {
        Self::start(feed, span, false)
    }

    /// A span from its newest window on.
    pub fn newest_first(feed: &'static Feed, span: Span) -> Self {
        Self::start(feed, span, true)
    }

    fn start(feed: &'static Feed, span: Span, newest_first: bool) -> Self {
        let rest = Window::covering(feed.step, span);
        let mut reading = Self { feed, span, newest_first, now: None, halves: Vec::new(), rest };
        reading.next_window();
        reading
    }

    fn next_window(&mut self) {
        self.now = match (self.halves.pop(), self.rest) {
            (Some((window, part)), _) => Some(At::start(window, part)),
            (None, Some(rest)) => {
                let (window, rest) = rest.cut(self.feed.window_max, self.newest_first);
                self.rest = rest;
                Some(At::start(window, 0))
            }
            (None, None) => None,
        };
    }

    /// The next question; the same until a page is taken. `None` once the span has been read.
    pub fn next_ask(&self) -> Option<Ask> {
        let at = self.now.as_ref()?;
        Some(Ask::List {
            feed: self.feed,
            window: at.window,
            part: self.feed.parts[at.part],
            page: at.page.clone(),
        })
    }

    /// Takes the answer to [`Reading::next_ask`], whose records are stored. Fails where the pages of
    /// a list don't fit together or lead nowhere; the list is then asked again from its first page, and
    /// its records, stored already, do no harm. A record that comes again word for word is the same row.
    pub fn take(&mut self, page: &FeedPage) -> Result<Taken, ReadFailure> {
        let bodies: Vec<&[u8]> = page.records.iter().map(|record| &*record.body).collect();
        self.take_named(page, &bodies)
    }

    /// [`Reading::take`], where it is known what each record is called: a row that comes again under the
    /// same name is the same row, whatever else it says.
    pub fn take_named(
        &mut self,
        page: &FeedPage,
        names: &[impl Hash],
    ) -> Result<Taken, ReadFailure> {
        let Some(at) = &mut self.now else {
            return Err(ReadFailure::Unreadable("an answer nobody asked for"));
        };
        at.pages += 1;
        let is_new = at.note(names.iter().map(fingerprint));
        at.idle = if is_new { 0 } else { at.idle + 1 };
        let rows = at.came.len() as u64;
        let moved = at.total.is_some() && at.total != page.total;
        at.total = page.total;
        if moved || (page.next.is_none() && at.total.is_some_and(|total| total != rows)) {
            self.restart();
            return Err(ReadFailure::Moved);
        }
        if let Some(next) = &page.next {
            let idle_max = if at.total.is_some() { 0 } else { IDLE_MAX };
            if at.idle > idle_max || !at.asked.insert(next.clone()) {
                self.restart();
                return Err(ReadFailure::Unreadable("a page that leads nowhere"));
            }
            if at.pages >= PAGES_MAX {
                self.restart();
                return Err(ReadFailure::TooMuch);
            }
            at.page = Some(next.clone());
            return Ok(Taken::More);
        }
        let (window, part) = (at.window, at.part + 1);
        if part < self.feed.parts.len() {
            *at = At::start(window, part);
            return Ok(Taken::More);
        }
        self.next_window();
        Ok(Taken::Read(window.span().within(self.span)))
    }

    /// Goes back to the first page of the list being read: tokens don't live for ever.
    pub fn restart(&mut self) {
        if let Some(At { window, part, .. }) = &self.now {
            let (window, part) = (*window, *part);
            self.now = Some(At::start(window, part));
        }
    }

    /// Reads the window in two halves, because the whole was too much for the channel. `false` if it
    /// cannot be split further.
    pub fn split(&mut self) -> bool {
        let Some(at) = &self.now else { return false };
        let Some((next, later)) = at.window.halves(self.newest_first) else { return false };
        let part = at.part;
        // The parts before this one were read for the whole window.
        self.halves.push((later, part));
        self.now = Some(At::start(next, part));
        true
    }

    /// The window being read, as far as it lies in the span; `None` once all is read.
    pub fn window(&self) -> Option<Span> {
        self.now.as_ref().map(|at| at.window.span().within(self.span))
    }
}

fn fingerprint(name: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}
