//! Every dialogue file against the engine: whole, in one-byte pieces, and cut at random.

use std::fs;
use std::path::Path;

use crate::dialogue::peer::Engine;
use crate::dialogue::run::Pieces;
use crate::dialogue::run::play;
use crate::dialogue::script::Scene;

/// The scenes of all dialogue files.
pub(crate) fn scenes() -> Vec<Scene> {
    let mut scenes = Vec::new();
    for (name, text) in files() {
        let of_file = Scene::parse_file(&name, &text);
        assert!(!of_file.is_empty(), "{name} has no scene");
        scenes.extend(of_file);
    }
    scenes
}

#[test]
fn every_dialogue_goes_as_written() {
    let scenes = scenes();
    let plain = scenes.iter().filter(|scene| scene.is_plain()).count();
    assert!(plain > 150, "only {plain} scenes that also run over a socket");
    let differences: Vec<_> = scenes.iter().filter_map(first_difference).collect();
    assert!(differences.is_empty(), "{}", differences.join("\n\n"));
}

fn first_difference(scene: &Scene) -> Option<String> {
    let mut all = [Pieces::Whole, Pieces::Bytes].into_iter().chain((1..8).map(Pieces::Random));
    all.find_map(|pieces| play(scene, &mut Engine::new(&scene.server), pieces).err())
}

/// A dialogue nobody finds is a rule nobody knows: docs/smtp.md lists each beside its section.
#[test]
fn every_dialogue_is_in_the_table_of_rfcs() {
    let table = fs::read_to_string(root().join("docs/smtp.md")).expect("the table is there");
    for (name, _) in files() {
        assert!(table.contains(&format!("`{name}`")), "docs/smtp.md does not list {name}");
    }
    for word in table.split('`').filter(|word| word.ends_with(".smtp")) {
        assert!(files().iter().any(|(name, _)| name == word), "there is no dialogue {word}");
    }
}

/// The names and the texts of all files, in order.
fn files() -> Vec<(String, String)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(root().join("tests/it/dialogue/files")).expect("the folder is there")
    {
        let path = entry.expect("the folder can be read").path();
        let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
        files.push((name, fs::read_to_string(path).expect("a dialogue is UTF-8")));
    }
    files.sort();
    files
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
