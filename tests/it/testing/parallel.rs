//! Many tests at once beside one catcher: none meets the mail of another.

use std::env;
use std::error::Error;
use std::thread;
use std::time::Duration;

use restante::testing::Catcher;

use crate::support::Client;

/// Tests at a time.
const TESTS: usize = 200;

/// So that a broken catcher fails the test instead of hanging it.
const MINUTE: Duration = Duration::from_secs(60);

/// Each has its own recipient, and waits while the others send and delete.
///
/// `RESTANTE_TEST_ROUNDS=50` does it so often in a row.
#[test]
fn two_hundred_tests_share_a_catcher() {
    let rounds = env::var("RESTANTE_TEST_ROUNDS").map_or(1, |rounds| rounds.parse().unwrap());
    let catcher = Catcher::start().unwrap();
    for round in 0..rounds {
        thread::scope(|scope| {
            let catcher = &catcher;
            let start = |test| scope.spawn(move || one_test(catcher, round, test));
            let tests: Vec<_> = (0..TESTS).map(start).collect();
            for test in tests {
                test.join().unwrap().unwrap();
            }
        });
    }
}

fn one_test(
    catcher: &Catcher,
    round: usize,
    test: usize,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let address = format!("t{round}-{test}@x.test");
    let code = |number: usize| format!("{}", number * 100_000 + test);
    let mut client = Client::connect(catcher.smtp_address());
    client.say("EHLO app.test");
    let mut send = |number: usize| {
        let mail = format!(
            "To: {address}\r\nSubject: Mail {number}\r\n\r\nYour code is {}.\r\n",
            code(number)
        );
        assert!(client.deliver("app@x.test", &[&address], &mail).starts_with("250"));
    };
    let start = catcher.cursor();
    let wanted = || catcher.expect("").to(&address).within(MINUTE);

    // A wait that begins before its mail is sent: half of them by what keys them, half by none.
    let by_text = format!("subject:mail any:\"{address}\"");
    let early = if test.is_multiple_of(2) { wanted() } else { catcher.expect(&by_text) };
    let mail = thread::scope(|scope| {
        let waiter = scope.spawn(|| early.since(start).within(MINUTE).one().wait());
        send(1);
        waiter.join()
    });
    let mail = mail.map_err(|_| "the waiter panicked")??;
    assert_eq!((mail.recipients(), mail.code()), (vec![&*address], Some(code(1))));

    let between = catcher.cursor();
    send(2);
    delete(catcher, &mail.id());
    let mail = wanted().since(between).one().wait()?;
    assert_eq!((mail.subject(), mail.code()), ("Mail 2".to_owned(), Some(code(2))));

    // What was deleted is gone for who looks at what is held.
    let held = wanted().exactly(1).settle(Duration::ZERO).wait()?;
    assert_eq!(held[0].id(), mail.id());
    delete(catcher, &mail.id());
    catcher.expect("").rcpt(&address).none(Duration::ZERO).wait()?;
    Ok(())
}

fn delete(catcher: &Catcher, id: &str) {
    let store = catcher.server().store();
    let held = store.by_id(id.parse().unwrap()).unwrap();
    assert_eq!(store.delete(&[held.entry.seq]), 1);
}
