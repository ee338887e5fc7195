//! Words nobody speaks, drawn as people draw theirs: a few often, most seldom. The same ones in
//! each run.

use std::collections::HashSet;

/// A source of numbers that look random and are not: SplitMix64.
pub(crate) struct Random(u64);

impl Random {
    /// Each seed has its own row of numbers.
    pub(crate) fn of(seed: usize) -> Self {
        Self(seed as u64)
    }

    /// The next number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % end as u64) as usize
    }
}

/// All words of a load.
pub(crate) struct Words {
    /// The words of its text, the most frequent first.
    pub(crate) common: Vec<String>,
    /// Words of which each stands in one mail of so many as there are of them.
    pub(crate) groups: Vec<String>,
    /// Words for the names of senders.
    pub(crate) names: Vec<String>,
    /// Words of three letters, each in few mails and in no other word.
    pub(crate) short: Vec<String>,
    /// Words with a letter outside ASCII, each in few mails.
    pub(crate) foreign: Vec<String>,
    /// The share of the first word, of the first two, and so on, in millionths.
    shares: Vec<usize>,
}

impl Words {
    /// So many common words and so many groups.
    pub(crate) fn new(common: usize, groups: usize) -> Self {
        let mut random = Random::of(common);
        let mut known = HashSet::new();
        let common = distinct(common, &mut known, || spoken(&mut random, 2));
        let groups = distinct(groups, &mut known, || spoken(&mut random, 4));
        let names = distinct(FEW, &mut known, || spoken(&mut random, 3));
        let short = distinct(FEW, &mut known, || {
            (0..3).map(|_| pick(&mut random, HARD_CONSONANTS)).collect()
        });
        let foreign = distinct(FEW, &mut known, || {
            let (front, back) = (spoken(&mut random, 1), spoken(&mut random, 1));
            format!("{front}{}{back}", pick(&mut random, FOREIGN_LETTERS))
        });
        let shares = shares(common.len());
        Self { common, groups, names, short, foreign, shares }
    }

    /// A word of the text.
    pub(crate) fn draw(&self, random: &mut Random) -> &str {
        let at = random.below(MILLION);
        let rank = self.shares.partition_point(|share| *share <= at);
        &self.common[rank.min(self.common.len() - 1)]
    }
}

fn distinct(
    count: usize,
    known: &mut HashSet<String>,
    mut make: impl FnMut() -> String,
) -> Vec<String> {
    let mut words = Vec::new();
    while words.len() < count {
        let word = make();
        if known.insert(word.clone()) {
            words.push(word);
        }
    }
    words
}

/// A word of at least so many syllables.
fn spoken(random: &mut Random, syllables_min: usize) -> String {
    let mut word = String::new();
    for _ in 0..syllables_min + random.below(3) {
        word.push(pick(random, CONSONANTS));
        word.push(pick(random, VOWELS));
    }
    if random.below(2) == 0 {
        word.push(pick(random, CONSONANTS));
    }
    word
}

/// Zipf's law. The exponent makes the last of 2,000 words stand in one of 200 texts of 400 words.
fn shares(words: usize) -> Vec<usize> {
    let weights: Vec<f64> = (1..=words).map(|rank| (rank as f64).powf(-1.3)).collect();
    let whole: f64 = weights.iter().sum();
    let mut sum = 0.0;
    weights
        .iter()
        .map(|weight| {
            sum += weight;
            (sum / whole * MILLION as f64) as usize
        })
        .collect()
}

fn pick(random: &mut Random, letters: &[char]) -> char {
    letters[random.below(letters.len())]
}

/// How many words there are that few mails have.
const FEW: usize = 100;
const MILLION: usize = 1_000_000;
const VOWELS: &[char] = &['a', 'e', 'i', 'o', 'u'];
const CONSONANTS: &[char] =
    &['b', 'c', 'd', 'f', 'g', 'h', 'k', 'l', 'm', 'n', 'p', 'r', 's', 't', 'v', 'z'];
/// None that three consonants of a header or an address are made of.
const HARD_CONSONANTS: &[char] = &['b', 'd', 'f', 'g', 'k', 'l', 'm', 'p', 'r', 'v', 'z'];
const FOREIGN_LETTERS: &[char] = &['ü', 'é', 'ø', 'ж', 'λ', 'ő'];
