//! What is written down of every dialogue: all that was said, nothing that is secret, and the same
//! however the input is cut.

use restante::dialogue::transcript::Line;
use restante::dialogue::transcript::Speaker;

use crate::dialogue::files::scenes;
use crate::dialogue::peer::Engine;
use crate::dialogue::run::Pieces;
use crate::dialogue::run::play;
use crate::dialogue::script::Act;
use crate::dialogue::script::Scene;

#[test]
fn every_dialogue_is_written_down_as_it_went() {
    for scene in scenes() {
        let (lines, spoken) = written_down(&scene, Pieces::Whole);
        let spoken: Vec<_> = shown(&spoken).into_iter().map(without_proof).collect();
        assert_eq!(words_of(&lines, Speaker::Server), spoken, "{}", scene.name);
        // Behind a chunk a command begins in the middle of a line.
        let sent = shown(&sent(&scene)).join("\n");
        let mut behind = sent.as_str();
        for line in words_of(&lines, Speaker::Client) {
            let front = line.split(MASK).next().unwrap_or_default();
            let front = front.trim_end_matches(['…', ' ']);
            let at = behind.find(front);
            let at = at.unwrap_or_else(|| panic!("{}: {line} was never said", scene.name));
            behind = &behind[at + front.len()..];
        }
    }
}

#[test]
fn it_is_the_same_however_the_input_is_cut() {
    for scene in scenes() {
        let (whole, _) = written_down(&scene, Pieces::Whole);
        for pieces in [Pieces::Bytes, Pieces::Random(1), Pieces::Random(2)] {
            assert_eq!(written_down(&scene, pieces).0, whole, "{}, {pieces:?}", scene.name);
        }
    }
}

#[test]
fn no_secret_is_written_down() {
    let mut count = 0;
    for scene in scenes() {
        let (lines, _) = written_down(&scene, Pieces::Whole);
        for secret in secrets(&scene) {
            count += 1;
            let found = lines.iter().find(|line| line.text.contains(&secret));
            assert_eq!(found, None, "{}: {secret}", scene.name);
        }
    }
    assert!(count > 15, "only {count} secrets were said");
}

/// What is written down of a scene, and what the server really said.
fn written_down(scene: &Scene, pieces: Pieces) -> (Vec<Line>, Vec<u8>) {
    let mut engine = Engine::new(&scene.server);
    play(scene, &mut engine, pieces).unwrap_or_else(|difference| panic!("{difference}"));
    (engine.record().said().0.lines(), engine.spoken().to_vec())
}

fn words_of(lines: &[Line], speaker: Speaker) -> Vec<String> {
    let lines = lines.iter().filter(|line| line.speaker == speaker);
    lines.flat_map(|line| line.text.split('\n').map(str::to_owned)).collect()
}

/// A reply as it is written down: not with SCRAM's `v=…`, by which passwords can be tried.
fn without_proof(reply: String) -> String {
    if reply.starts_with("334 dj") { format!("334 {MASK}") } else { reply }
}

/// Bytes as the lines of a transcript.
fn shown(bytes: &[u8]) -> Vec<String> {
    let picture = |character: char| match character {
        '\u{7F}' => '\u{2421}',
        '\0'..='\u{1F}' => char::from_u32(u32::from(character) + 0x2400).expect("a picture"),
        _ => character,
    };
    let lines = bytes.split(|byte| *byte == b'\n');
    let lines = lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let mut lines: Vec<String> = lines
        .map(|line| match str::from_utf8(line) {
            Ok(text) => text.trim_end_matches(' ').chars().map(picture).collect(),
            Err(_) => line.iter().copied().map(char::from).map(picture).collect(),
        })
        .collect();
    lines.pop();
    lines
}

fn sent(scene: &Scene) -> Vec<u8> {
    let acts = scene.acts.iter().map(|(_, act)| act);
    let sent = acts.filter_map(|act| match act {
        Act::Send(bytes) => Some(bytes.as_slice()),
        _ => None,
    });
    [sent.collect::<Vec<_>>().concat(), b"\n".to_vec()].concat()
}

/// Initial responses, and what answers a challenge.
fn secrets(scene: &Scene) -> Vec<String> {
    let mut secrets = Vec::new();
    let mut is_challenged = false;
    for (_, act) in &scene.acts {
        match act {
            Act::Reply(_, last) => is_challenged = last.starts_with("334"),
            Act::Send(bytes) => {
                let text = String::from_utf8_lossy(bytes);
                let mut lines = text.lines();
                if is_challenged {
                    secrets.extend(lines.next().map(str::to_owned));
                }
                for line in lines.filter(|line| line.to_uppercase().starts_with("AUTH ")) {
                    secrets.extend(line.split_whitespace().skip(2).map(str::to_owned));
                }
            }
            _ => {}
        }
    }
    secrets.retain(|secret| secret.len() > SECRET_BYTES_MIN);
    secrets
}

const MASK: &str = "********";

/// What is shorter stands in other lines by chance.
const SECRET_BYTES_MIN: usize = 5;
