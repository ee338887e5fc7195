//! `restante completions` and `restante man`: shells and manuals take what is printed.

use std::io::Write;
use std::process::Command;
use std::process::Stdio;

use crate::cli::running::assert_failed;
use crate::cli::running::restante;
use crate::cli::running::stderr;

fn printed(arguments: &str) -> String {
    let output = restante(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments}: {}", stderr(&output));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn bash_completes_commands_flags_and_values() {
    let script = r#"
        source /dev/stdin
        complete_line() {
            COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
            _restante restante "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
            echo "${COMPREPLY[@]}"
        }
        complete_line restante exp
        complete_line restante expect --exa
        complete_line restante expect --print co
    "#;
    let mut bash = match Command::new("bash")
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
    {
        Ok(bash) => bash,
        Err(error) => {
            eprintln!("skipped: there is no bash: {error}");
            return;
        }
    };
    bash.stdin.take().unwrap().write_all(printed("completions bash").as_bytes()).unwrap();
    let completed = String::from_utf8(bash.wait_with_output().unwrap().stdout).unwrap();
    assert_eq!(completed, "expect export\n--exactly\ncode\n");
}

#[test]
fn every_shell_knows_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = printed(&format!("completions {shell}"));
        for word in ["expect", "watch", "export", "ready", "settle", "store-size"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    assert_failed(&restante("completions tcsh").output().unwrap(), 2, &["'tcsh'", "zsh"]);
}

#[test]
fn there_is_a_page_of_every_command() {
    let page = printed("man");
    assert!(page.contains(".TH restante 1"), "{page}");
    for words in ["restante\\-expect(1)", ".SH LIMITS", "\\-\\-store\\-size"] {
        assert!(page.contains(words), "{words}");
    }
    let page = printed("man expect");
    for words in [".TH restante-expect 1", "\\fBrestante expect\\fR", "\\-\\-exactly", "Exit codes"]
    {
        assert!(page.contains(words), "{words} is not in {page}");
    }
    assert_failed(&restante("man nothing").output().unwrap(), 2, &["expect, cursor, list"]);
}

/// What a person reads first of a command: what it is for, and how it is used.
#[test]
fn every_command_has_help_with_an_example() {
    for command in [
        "expect",
        "cursor",
        "list",
        "show",
        "watch",
        "clear",
        "send",
        "export",
        "completions",
        "man",
    ] {
        let help = printed(&format!("{command} --help"));
        assert!(help.contains("\nExample"), "{help}");
        assert!(help.contains(&format!("restante {command}")), "{help}");
        assert!(help.lines().all(|line| line.chars().count() <= 100), "{help}");
    }
}
