//! "Did you mean": the known name that a mistyped one was probably meant to be.

/// The nearest of some names, if it is near enough to be meant.
pub fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let typed: Vec<char> = name.chars().take(NAME_CHARS_MAX + 1).collect();
    if typed.len() > NAME_CHARS_MAX {
        return None;
    }
    let distances = known.iter().map(|known| (distance(&typed, known), *known));
    let (distance, nearest) = distances.min_by_key(|(distance, _)| *distance)?;
    let allowed = (typed.len() / 3).clamp(1, DISTANCE_MAX);
    (distance <= allowed).then_some(nearest)
}

/// ` Did you mean "x"?`, or what there is to choose from.
pub fn hint(name: &str, known: &[&str]) -> String {
    match nearest(name, known) {
        Some(nearest) => format!(" Did you mean \"{nearest}\"?"),
        None if known.is_empty() => String::new(),
        None => format!(" It takes: {}.", known.join(", ")),
    }
}

/// Letters to insert, remove, replace, or swap with a neighbour, ignoring ASCII case.
fn distance(typed: &[char], known: &str) -> usize {
    let known: Vec<char> = known.chars().collect();
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=known.len()).collect();
    for (i, a) in typed.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in known.iter().enumerate() {
            let same = a.eq_ignore_ascii_case(b);
            let mut best = (last[j] + usize::from(!same)).min(last[j + 1] + 1).min(row[j] + 1);
            let swapped = i > 0 && j > 0 && *a == known[j - 1] && typed[i - 1] == *b;
            if swapped {
                best = best.min(before_last[j - 1] + 1);
            }
            row.push(best);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[known.len()]
}

/// No name is longer; what is longer is no typing error.
const NAME_CHARS_MAX: usize = 32;
/// How far off a name may be.
const DISTANCE_MAX: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_errors_find_the_name() {
        let known = ["limit", "before", "after", "order", "inbox", "q"];
        for (typed, meant) in [
            ("limt", Some("limit")),
            ("lmiit", Some("limit")),
            ("Limit", Some("limit")),
            ("befor", Some("before")),
            ("inboxes", Some("inbox")),
            ("colour", None),
            ("", Some("q")),
            ("page", None),
        ] {
            assert_eq!(nearest(typed, &known), meant, "{typed}");
        }
        assert_eq!(nearest(&"limit".repeat(1_000_000), &known), None);
    }

    #[test]
    fn a_hint_names_the_nearest_or_all() {
        assert_eq!(hint("limt", &["limit", "q"]), " Did you mean \"limit\"?");
        assert_eq!(hint("colour", &["limit", "q"]), " It takes: limit, q.");
        assert_eq!(hint("colour", &[]), "");
    }
}
