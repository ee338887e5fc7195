//! The memory limit of the container this runs in, as the kernel's control groups tell it.

use std::fs;
use std::path::Path;

/// The least limit on this process's way up the tree of control groups, version 2 or 1.
///
/// `root` is `/` but in tests. None without a limit, and on systems without control groups.
pub(crate) fn limit_bytes(root: &Path) -> Option<usize> {
    let groups = fs::read_to_string(root.join("proc/self/cgroup")).ok()?;
    groups.lines().filter_map(|line| group_limit_bytes(root, line)).min()
}

/// A line is `hierarchy:controllers:path`; version 2 has hierarchy 0 and names no controller.
fn group_limit_bytes(root: &Path, line: &str) -> Option<usize> {
    let mut fields = line.splitn(3, ':');
    let (mount, file) = match (fields.next()?, fields.next()?) {
        ("0", "") => ("sys/fs/cgroup", "memory.max"),
        (_, controllers) if controllers.split(',').any(|controller| controller == "memory") => {
            ("sys/fs/cgroup/memory", "memory.limit_in_bytes")
        }
        _ => return None,
    };
    // In a container the path may be the host's and not exist here: the mount itself always does.
    let path = Path::new(fields.next()?.trim_start_matches('/'));
    let limits = path.ancestors().filter_map(|group| {
        fs::read_to_string(root.join(mount).join(group).join(file)).ok()?.trim().parse().ok()
    });
    limits.filter(|bytes| *bytes < UNLIMITED_BYTES_MIN).min()
}

/// Version 1 writes "none" as a number near the largest; version 2 writes `max`, no number at all.
const UNLIMITED_BYTES_MIN: usize = usize::MAX / 8;

#[cfg(test)]
mod tests {
    use super::*;

    /// A root folder with these files, removed in the end.
    struct Root(std::path::PathBuf);

    impl Root {
        fn new(name: &str, files: &[(&str, &str)]) -> Self {
            let name = format!("restante-memory-{name}-{}", std::process::id());
            let root = Self(std::env::temp_dir().join(name));
            for (path, content) in files {
                let path = root.0.join(path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, content).unwrap();
            }
            root
        }
    }

    impl Drop for Root {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn version_2_takes_the_least_on_the_way_up() {
        let root = Root::new(
            "v2",
            &[
                ("proc/self/cgroup", "0::/app/web\n"),
                ("sys/fs/cgroup/app/web/memory.max", "max\n"),
                ("sys/fs/cgroup/app/memory.max", "268435456\n"),
                ("sys/fs/cgroup/memory.max", "536870912\n"),
            ],
        );
        assert_eq!(limit_bytes(&root.0), Some(268_435_456));
    }

    #[test]
    fn version_1_falls_back_to_the_mount() {
        let root = Root::new(
            "v1",
            &[
                ("proc/self/cgroup", "9:cpu,memory:/docker/abc\n8:pids:/docker/abc\n"),
                ("sys/fs/cgroup/memory/memory.limit_in_bytes", "1048576\n"),
                ("sys/fs/cgroup/memory.max", "1\n"),
            ],
        );
        assert_eq!(limit_bytes(&root.0), Some(1_048_576));
    }

    #[test]
    fn no_limit_is_none() {
        let unlimited = Root::new(
            "none",
            &[
                ("proc/self/cgroup", "9:memory:/\n0::/\nnonsense\n"),
                ("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n"),
                ("sys/fs/cgroup/memory.max", "max\n"),
            ],
        );
        assert_eq!(limit_bytes(&unlimited.0), None);
        assert_eq!(limit_bytes(Path::new("/nonexistent")), None);
    }
}
