//! The grammar as a whole, and docs/configuration.md held to it.

use std::collections::BTreeSet;

use restante::config::Config;
use restante::smtp::auth::users::Users;

use super::*;
use crate::cli::Task;

fn parsed(line: &str) -> Cli {
    let arguments: Vec<OsString> = line.split(' ').map(OsString::from).collect();
    parse(&arguments).unwrap()
}

#[test]
fn no_flag_at_all_gives_the_default_configuration() {
    for line in ["restante", "restante serve"] {
        let cli = parsed(line);
        let args = match cli.task {
            Some(Task::Serve(args)) => *args,
            _ => cli.serve,
        };
        assert_eq!(args.config(None).unwrap(), Config::default(), "{line}");
    }
}

#[test]
fn every_flag_reaches_the_configuration() {
    let cli = parsed(
        "restante --smtp 0 --smtp [::1]:2525 --http 0.0.0.0:80 --allow-host a.example,B.example \
         --allow-host c.example --base-path mail/ --store-size 8m --max-message-size 1m \
         --max-in-flight 2m --max-recipients 3 --max-sessions 4 --max-errors 5 \
         --max-command-line 600 --idle-timeout 7s --session-timeout 9m --shutdown-grace 8s \
         --wait-max 90m \
         --inbox-by rcpt,auth --auth bob:secret --auth-required --auth-tls-only",
    );
    let config = cli.serve.config(None).unwrap();
    let places: Vec<_> = config.smtp.iter().map(|listener| listener.place.to_string()).collect();
    assert_eq!(places, ["127.0.0.1:0", "[::1]:2525"]);
    assert_eq!(config.http, ["0.0.0.0:80".parse().unwrap()]);
    let hosts = ["a.example", "b.example", "c.example"].map(|host| host.parse().unwrap());
    assert_eq!(config.allow_hosts, hosts);
    assert_eq!(config.base_path, "/mail");
    assert_eq!(config.store_size_bytes, 8 << 20);
    assert_eq!(config.inbox_by, "rcpt,auth".parse().unwrap());
    assert_eq!(config.auth.users.as_ref().map(Users::len), Some(1));
    assert!(config.auth.is_required && config.auth.needs_tls);
    let limits = &config.limits;
    assert_eq!((limits.message_bytes_max, limits.in_flight_bytes_max), (1 << 20, 2 << 20));
    assert_eq!((limits.recipients_max, limits.sessions_max, limits.errors_max), (3, 4, 5));
    assert_eq!(limits.command_line_bytes_max, 600);
    assert_eq!(limits.session_timeout.as_secs(), 540);
    assert_eq!(config.http_limits.wait_max.as_secs(), 5_400);
    assert_eq!((limits.idle_timeout.as_secs(), config.shutdown_grace.as_secs()), (7, 8));
}

#[test]
fn who_may_connect_reaches_the_configuration() {
    let cli = parsed(
        "restante --allow 10.0.0.0/8,::1 --allow 127.0.0.1 --trust 192.0.2.0/24 \
         --max-sessions-per-peer 3 --max-rate-per-peer 4/1s --max-rate 5/2m",
    );
    let access = cli.serve.config(None).unwrap().access;
    let networks = |all: &[&str]| all.iter().map(|text| text.parse().unwrap()).collect();
    let rate = |count, seconds| {
        Some(restante::net::access::Rate { count, within: std::time::Duration::from_secs(seconds) })
    };
    let expected = restante::net::access::AccessOptions {
        allow: networks(&["10.0.0.0/8", "::1", "127.0.0.1"]),
        trust: networks(&["192.0.2.0/24"]),
        sessions_per_peer_max: Some(3),
        rate_per_peer_max: rate(4, 1),
        rate_max: rate(5, 120),
    };
    assert_eq!(access, expected);
}

#[test]
fn a_certificate_is_given_or_made() {
    let config = |line| parsed(line).serve.config(None);
    let tls = config("restante --smtp 0,tls --tls-name a.test,::1 --ca-dir x").unwrap().tls;
    let names: Vec<String> = tls.names.iter().map(ToString::to_string).collect();
    assert_eq!((names.join(" "), tls.ca_dir), ("a.test ::1".to_owned(), Some("x".into())));
    let files = |line| config(line).unwrap().tls.files.unwrap();
    let both = files("restante --smtp 0,starttls --tls-cert c --tls-key k");
    assert_eq!((both.certificate, both.key), ("c".into(), "k".into()));
    let one = files("restante --smtp 0,tls --tls-cert c");
    assert_eq!((one.certificate, one.key), ("c".into(), "c".into()));
    for (line, reason) in [
        ("restante --smtp 0,tls --tls-key k", "--tls-cert, which is missing"),
        ("restante --smtp 0,tls --tls-cert c --tls-name a.test", "--tls-name"),
        ("restante --smtp 0,tls --tls-cert c --ca-dir x", "--ca-dir"),
        ("restante --tls-cert c", "--smtp 1465,tls"),
    ] {
        let error = config(line).unwrap_err();
        assert!(error.contains(reason), "{line}: {error}");
    }
}

#[test]
fn addresses_that_overlap_are_refused() {
    let refused = |line| parsed(line).serve.config(None).unwrap_err();
    let error = refused("restante --smtp 2525 --http 2525");
    assert_eq!(error, "--smtp 127.0.0.1:2525 and --http 127.0.0.1:2525 overlap");
    assert!(refused("restante --smtp 2525 --smtp localhost:2525").contains("--smtp"));
    let error = refused("restante --smtp 0.0.0.0:2525 --http 127.0.0.1:2525");
    assert!(error.contains("--smtp 0.0.0.0:2525 and --http 127.0.0.1:2525"), "{error}");
    let both_families = "restante --smtp 0.0.0.0:2525 --smtp [::]:2525 --smtp [::1]:2526";
    assert!(parsed(both_families).serve.config(None).is_ok());
    assert!(parsed("restante --smtp 0 --smtp 0 --http 0").serve.config(None).is_ok());
    assert!(refused("restante --smtp unix:/x --smtp unix:/x,lmtp").contains("unix:/x overlap"));
}

#[test]
fn the_grammar_is_sound() {
    Cli::command().debug_assert();
}

/// A row of docs/configuration.md: flag, variable, default.
type Row = (String, String, String);

#[test]
fn the_page_lists_every_flag_with_its_variable_and_default() {
    let page = include_str!("../../../docs/configuration.md");
    let section = page.split("\n## ").find(|section| first_line(section) == "The server");
    let documented = rows_of(section.unwrap());
    assert_eq!(documented, flags_of(&Cli::command()), "the server in docs/configuration.md");
}

#[test]
fn the_page_of_commands_lists_every_flag_of_each() {
    let page = include_str!("../../../docs/cli.md");
    let flags_under = |heading: &str| -> BTreeSet<String> {
        let section = page.split("\n## ").find(|section| first_line(section) == heading);
        let section = section.unwrap_or_else(|| panic!("docs/cli.md has no section {heading}"));
        let rows = section.lines().filter_map(|line| line.strip_prefix("| `--"));
        rows.filter_map(|row| row.split('`').next()).map(str::to_owned).collect()
    };
    let shared = &flags_under("Which server") | &flags_under("Which mails");
    for command in Cli::command().get_subcommands().filter(|one| one.get_name() != "serve") {
        let flags: BTreeSet<String> = flags_of(command)
            .into_iter()
            .filter_map(|(flag, ..)| Some(flag.strip_prefix("--")?.trim_end().to_owned()))
            .filter(|flag| !shared.contains(flag))
            .collect();
        let heading = format!("`restante {}`", command.get_name());
        let documented = &flags_under(&heading) - &shared;
        assert_eq!(documented, flags, "docs/cli.md on the left: {heading}");
    }
}

fn first_line(section: &str) -> &str {
    section.lines().next().unwrap_or_default()
}

/// Rows look like: | `--flag VALUE` | `RESTANTE_FLAG` | `default` | what it does |
fn rows_of(section: &str) -> BTreeSet<Row> {
    let rows = section.lines().filter(|line| line.starts_with("| `--"));
    rows.map(|line| {
        let mut cells = line.trim_matches('|').split('|').map(|cell| cell.trim().replace('`', ""));
        let mut next = || cells.next().unwrap_or_default();
        (next(), next(), next())
    })
    .collect()
}

fn flags_of(command: &Command) -> BTreeSet<Row> {
    let flags = command.get_arguments().filter(|argument| argument.get_long().is_some());
    let shown = flags.filter(|argument| {
        !argument.is_hide_set() && !["help", "version"].contains(&argument.get_id().as_str())
    });
    shown.map(row_of).collect()
}

fn row_of(argument: &Arg) -> Row {
    // A switch has neither a value nor a default worth a word.
    if !argument.get_action().takes_values() {
        let variable = argument.get_env().and_then(|name| name.to_str()).unwrap_or_default();
        return (format!("--{}", argument.get_long().unwrap()), variable.into(), String::new());
    }
    let value = argument.get_value_names().unwrap_or_default().join(" ");
    let flag = format!("--{} {value}", argument.get_long().unwrap());
    let variable = argument.get_env().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
    let default = argument.get_default_values().first().and_then(|value| value.to_str());
    let said_in_help = || {
        let help = argument.get_long_help().or_else(|| argument.get_help())?.to_string();
        Some(help.split_once("[default: ")?.1.trim_end_matches(']').replace('\n', " "))
    };
    let default = default.map(str::to_owned).or_else(said_in_help).unwrap_or_default();
    (flag, variable, default)
}

#[test]
fn misspelt_variables_are_found() {
    let names = [
        "RESTANTE_STORESIZE",
        "RESTANTE_STORE_SIZE",
        "RESTANTE_URL",
        "RESTANTE_PORT_1025_TCP_ADDR",
        "RESTANTE_SERVICE_HOST",
        "PATH",
    ];
    let unknown = unknown_variables(names.into_iter().map(OsString::from));
    assert_eq!(unknown, ["RESTANTE_STORESIZE"]);
}

/// A server is configured by its surroundings. What a client asks for is not: a variable that was
/// left over would quietly ask for something else.
#[test]
fn every_flag_of_a_server_has_the_variable_of_its_name() {
    let root = Cli::command();
    for command in std::iter::once(&root).chain(root.get_subcommands()) {
        let all_have = ["restante", "serve", "ready"].contains(&command.get_name());
        for argument in command.get_arguments().filter(|argument| !argument.is_hide_set()) {
            let Some(flag) = argument.get_long() else { continue };
            if ["help", "version"].contains(&flag) {
                continue;
            }
            let variable = format!("RESTANTE_{}", flag.replace('-', "_").to_uppercase());
            let has_one = all_have || ["url", "ready-file"].contains(&flag);
            let expected = has_one.then_some(&*variable);
            let given = argument.get_env().and_then(|name| name.to_str());
            assert_eq!(given, expected, "{} --{flag}", command.get_name());
        }
    }
}
