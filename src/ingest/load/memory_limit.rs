//! How much memory this machine, or the group of processes that the program runs in, allows.

#[cfg(test)]
mod tests;

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

/// The part of it that records may take; the rest is for what is made of them, and for others.
const PERCENT: u64 = 50;
/// The part that the whole program may take.
const WHOLE_PERCENT: u64 = 85;

/// What is allowed to this process. It is read once, because answers ask for it often.
static ALLOWED: LazyLock<Option<u64>> = LazyLock::new(|| allowed(Path::new("/")));
/// The limit of the address space of this process, if it has one.
static ADDRESS_SPACE: LazyLock<Option<u64>> = LazyLock::new(|| address_space(Path::new("/")));

/// How many bytes records may take by default: a part of what the machine has, or of what its control group or the limit
/// of the address space allows where that is less. None where the system does not say.
pub fn default_memory_limit() -> Option<u64> {
    ALLOWED.map(|bytes| bytes / 100 * PERCENT)
}

/// How many bytes are left for answers where records, and what is kept of earlier answers, take `used`. None where the
/// system does not say.
pub fn memory_left(used: usize) -> Option<u64> {
    let whole = (*ALLOWED)? / 100 * WHOLE_PERCENT;
    let left = whole.saturating_sub(used as u64);
    let space = ADDRESS_SPACE.and_then(|limit| address_space_left(Path::new("/"), limit));
    Some(space.map_or(left, |space| space.min(left)))
}

/// What the files of Linux below `root` say.
fn allowed(root: &Path) -> Option<u64> {
    let groups = fs::read_to_string(root.join("proc/self/cgroup")).unwrap_or_default();
    let groups = groups.lines().filter_map(|line| group_limit(root, line));
    let known = machine(root).into_iter().chain(groups);
    // Threads and their heaps reserve parts of the address space that they do not use.
    known
        .chain(address_space(root).map(|limit| limit / 2))
        .min()
}

/// The address space that the process may have, as `ulimit -v` sets it.
fn address_space(root: &Path) -> Option<u64> {
    let text = fs::read_to_string(root.join("proc/self/limits")).ok()?;
    let mut lines = text.lines();
    let line = lines.find_map(|line| line.strip_prefix("Max address space"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// How much of an address space of `limit` bytes the process does not use yet.
fn address_space_left(root: &Path, limit: u64) -> Option<u64> {
    let text = fs::read_to_string(root.join("proc/self/status")).ok()?;
    let used = kilobytes(&text, "VmSize:")?;
    Some(limit.saturating_sub(used))
}

/// The value of a line of `text` that begins with `name`, in bytes.
fn kilobytes(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    let number: u64 = line.split_whitespace().next()?.parse().ok()?;
    number.checked_mul(1024)
}

/// The memory of the machine.
fn machine(root: &Path) -> Option<u64> {
    let text = fs::read_to_string(root.join("proc/meminfo")).ok()?;
    kilobytes(&text, "MemTotal:")
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
