//! Each limit below, at and above it, and the bound of the table.

use super::*;

fn peers(options: &AccessOptions) -> Arc<Peers> {
    Arc::new(Peers::new(options))
}

fn address(last: u8) -> IpAddr {
    [127, 0, 0, last].into()
}

const fn rate(count: u32, seconds: u64) -> Option<Rate> {
    Some(Rate { count, within: Duration::from_secs(seconds) })
}

const fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

#[test]
fn an_address_has_so_many_sessions_at_a_time() {
    let peers =
        peers(&AccessOptions { sessions_per_peer_max: Some(2), ..AccessOptions::default() });
    let now = Instant::now();
    let first = Peers::admit(&peers, address(1), now).unwrap();
    let second = Peers::admit(&peers, address(1), now).unwrap();
    assert_eq!(Peers::admit(&peers, address(1), now).unwrap_err(), Barred::Sessions);
    let mapped = "::ffff:127.0.0.1".parse().unwrap();
    assert_eq!(Peers::admit(&peers, mapped, now).unwrap_err(), Barred::Sessions);
    let other = Peers::admit(&peers, address(2), now).unwrap();
    drop(first);
    let third = Peers::admit(&peers, address(1), now).unwrap();
    drop((second, third, other));
    assert!(peers.table().peers.is_empty(), "nothing is remembered of who is gone");
}

#[test]
fn an_address_comes_so_often() {
    let peers =
        peers(&AccessOptions { rate_per_peer_max: rate(3, 30), ..AccessOptions::default() });
    let start = Instant::now();
    let admit = |last, now| Peers::admit(&peers, address(last), now).map(drop);
    for _ in 0..3 {
        assert_eq!(admit(1, start), Ok(()));
    }
    assert_eq!(admit(1, start), Err(Barred::RatePerPeer));
    assert_eq!(admit(2, start), Ok(()));
    // One more every ten seconds, and what was refused has cost nothing.
    assert_eq!(admit(1, start + seconds(9)), Err(Barred::RatePerPeer));
    assert_eq!(admit(1, start + seconds(10)), Ok(()));
    assert_eq!(admit(1, start + seconds(11)), Err(Barred::RatePerPeer));
    for _ in 0..3 {
        assert_eq!(admit(1, start + seconds(100)), Ok(()));
    }
    assert_eq!(admit(1, start + seconds(100)), Err(Barred::RatePerPeer));
}

#[test]
fn all_together_come_so_often() {
    let peers = peers(&AccessOptions { rate_max: rate(2, 2), ..AccessOptions::default() });
    let start = Instant::now();
    let admit = |last, now| Peers::admit(&peers, address(last), now).map(drop);
    assert_eq!(admit(1, start), Ok(()));
    assert_eq!(admit(2, start), Ok(()));
    assert_eq!(admit(3, start), Err(Barred::Rate));
    assert_eq!(admit(3, start + seconds(1)), Ok(()));
}

#[test]
fn the_table_is_bounded_and_forgets_who_need_not_be_known() {
    let options = AccessOptions { rate_per_peer_max: rate(1, 10), ..AccessOptions::default() };
    let peers = Arc::new(Peers { peers_max: 3, ..Peers::new(&options) });
    let start = Instant::now();
    let admit = |last, now| Peers::admit(&peers, address(last), now).map(drop);
    for last in 1..=3 {
        assert_eq!(admit(last, start), Ok(()));
    }
    assert_eq!(admit(4, start), Err(Barred::Crowd));
    assert_eq!(admit(4, start + seconds(9)), Err(Barred::Crowd));
    assert_eq!(admit(4, start + seconds(10)), Ok(()));
    assert_eq!(peers.table().peers.len(), 1);
}
