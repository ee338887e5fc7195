//! The page of the language tells the truth: its examples are queries, its errors are those.

use restante::query;

const PAGE: &str = include_str!("../../../docs/query.md");

/// The lines of the code block that begins with this.
fn block(beginning: &str) -> impl Iterator<Item = &'static str> {
    let mut blocks = PAGE.split("```text\n").skip(1).filter_map(|rest| rest.split("```").next());
    blocks.find(|block| block.starts_with(beginning)).expect("the page has this block").lines()
}

/// An example and what stands behind it, some blanks apart.
fn columns(line: &str) -> (&str, &str) {
    let (example, behind) = line.split_once("  ").expect("two columns");
    (example.trim(), behind.trim())
}

#[test]
fn examples_are_queries_that_print_as_themselves() {
    for (example, _) in block("to:bob@x.test subject:Welcome").map(columns) {
        let query = query::parse(example).unwrap_or_else(|error| panic!("{example}: {error}"));
        assert_eq!(query.to_string(), example);
    }
}

#[test]
fn every_term_of_the_table_is_understood() {
    let rows = PAGE.lines().filter(|line| line.starts_with("| `"));
    let terms = rows.flat_map(|row| row.split('|').nth(1).unwrap_or_default().split('`'));
    let mut count = 0;
    for term in terms.map(str::trim).filter(|term| !term.is_empty()) {
        let term = term.replace("NAME", "x-job");
        let query = if term.ends_with(':') { term + "bob@x.test" } else { term };
        assert!(query::parse(&query).is_ok(), "{query}");
        count += 1;
    }
    assert!(count > 40, "the table has lost its terms");
}

#[test]
fn errors_are_as_described() {
    for (example, described) in block("subjct:Welcome").map(columns) {
        let error = query::parse(example).expect_err(example).to_string();
        let beginning = described.trim_end_matches(" …");
        assert!(error.starts_with(beginning), "{error}\n{described}");
    }
}
