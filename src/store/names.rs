//! A short list of names that many mails share: inboxes, tags.

use std::ops::Deref;
use std::sync::Arc;

/// Names in their order. Takes one machine word wherever it is kept: of most mails there are many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names(Arc<Box<[Box<str>]>>);

impl Deref for Names {
    type Target = [Box<str>];

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl FromIterator<Box<str>> for Names {
    fn from_iter<I: IntoIterator<Item = Box<str>>>(names: I) -> Self {
        Self(Arc::new(names.into_iter().collect()))
    }
}

impl<const N: usize> From<[Box<str>; N]> for Names {
    fn from(names: [Box<str>; N]) -> Self {
        names.into_iter().collect()
    }
}
