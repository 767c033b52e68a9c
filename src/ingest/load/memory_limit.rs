//! How much memory this machine, or the group of processes that the program runs in, allows.

#[cfg(test)]
mod tests;

use std::fs;
use std::path::Path;

/// The part of it that records may take; the rest is for what is made of them, and for others.
const PERCENT: u64 = 50;
/// The part that the whole program may take.
const WHOLE_PERCENT: u64 = 85;

/// How many bytes records may take by default: a part of what the machine has, or of what its control group or the limit
/// of the address space allows where that is less. None where the system does not say.
pub fn default_memory_limit() -> Option<u64> {
    allowed(Path::new("/")).map(|bytes| bytes / 100 * PERCENT)
}

/// How many bytes are left for answers where records take `used`. None where the system does not say.
pub fn memory_left(used: usize) -> Option<u64> {
    let whole = allowed(Path::new("/"))? / 100 * WHOLE_PERCENT;
    Some(whole.saturating_sub(used as u64))
}

/// What the files of Linux below `root` say.
fn allowed(root: &Path) -> Option<u64> {
    let groups = fs::read_to_string(root.join("proc/self/cgroup")).unwrap_or_default();
    let groups = groups.lines().filter_map(|line| group_limit(root, line));
    let known = machine(root).into_iter().chain(groups);
    known.chain(address_space(root)).min()
}

/// What is left for memory of the address space that the process may have, as `ulimit -v` sets it. Threads and their
/// heaps reserve parts of it that they do not use.
fn address_space(root: &Path) -> Option<u64> {
    let text = fs::read_to_string(root.join("proc/self/limits")).ok()?;
    let mut lines = text.lines();
    let line = lines.find_map(|line| line.strip_prefix("Max address space"))?;
    let soft: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(soft / 2)
}

/// The memory of the machine.
fn machine(root: &Path) -> Option<u64> {
    let text = fs::read_to_string(root.join("proc/meminfo")).ok()?;
    let line = text.lines().find(|line| line.starts_with("MemTotal:"))?;
    let number: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    number.checked_mul(1024)
}

/// The least limit of the group in a line of `/proc/self/cgroup`, and of the groups above it. In a container the
/// path may be one that can only be seen outside: then the root of the mount is the group.
fn group_limit(root: &Path, line: &str) -> Option<u64> {
    let mut parts = line.splitn(3, ':');
    let (_, controllers, path) = (parts.next()?, parts.next()?, parts.next()?);
    let (mount, file) = match controllers {
        "" => ("sys/fs/cgroup", "memory.max"),
        _ if controllers.split(',').any(|name| name == "memory") => {
            ("sys/fs/cgroup/memory", "memory.limit_in_bytes")
        }
        _ => return None,
    };
    let mount = root.join(mount);
    let group = Path::new(path.trim_start_matches('/'));
    let limits = group.ancestors().filter_map(|group| {
        let text = fs::read_to_string(mount.join(group).join(file)).ok()?;
        text.trim().parse::<u64>().ok()
    });
    limits.min()
}
