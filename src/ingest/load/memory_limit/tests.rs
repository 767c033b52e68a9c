use super::*;

const MACHINE: (&str, &str) = (
    "proc/meminfo",
    "MemTotal:       16384000 kB\nMemFree: 1 kB\n",
);
const GB: u64 = 1 << 30;

#[track_caller]
fn check(files: &[(&str, &str)], expected: Option<u64>) {
    let root = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = root.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    assert_eq!(allowed(root.path()), expected);
}

#[test]
fn the_least_of_machine_and_control_groups_counts() {
    check(&[], None);
    check(&[MACHINE], Some(16_384_000 * 1024));
    check(
        &[
            MACHINE,
            ("proc/self/cgroup", "0::/user/job\n"),
            ("sys/fs/cgroup/user/job/memory.max", "max\n"),
            ("sys/fs/cgroup/user/memory.max", "2147483648\n"),
        ],
        Some(2 * GB),
    );
    check(
        &[
            MACHINE,
            ("proc/self/cgroup", "0::/../../only/seen/outside\n"),
            ("sys/fs/cgroup/memory.max", "1073741824\n"),
        ],
        Some(GB),
    );
    check(
        &[
            MACHINE,
            ("proc/self/cgroup", "3:cpu,cpuacct:/a\n2:memory:/a\n"),
            (
                "sys/fs/cgroup/memory/memory.limit_in_bytes",
                "9223372036854771712\n",
            ),
            (
                "sys/fs/cgroup/memory/a/memory.limit_in_bytes",
                "3221225472\n",
            ),
            ("sys/fs/cgroup/cpu,cpuacct/a/memory.limit_in_bytes", "7\n"),
        ],
        Some(3 * GB),
    );
}

#[test]
fn half_of_a_limited_address_space_counts() {
    let limits = |soft: &str| {
        format!(
            "Limit Soft Limit Hard Limit Units\nMax address space         {soft}           unlimited bytes\n"
        )
    };
    check(
        &[MACHINE, ("proc/self/limits", &limits("2147483648"))],
        Some(GB),
    );
    check(
        &[MACHINE, ("proc/self/limits", &limits("unlimited"))],
        Some(16_384_000 * 1024),
    );
}

#[test]
fn what_the_program_has_mapped_is_not_left_of_its_address_space() {
    let root = tempfile::tempdir().unwrap();
    assert_eq!(address_space_left(root.path(), GB), None);
    fs::create_dir_all(root.path().join("proc/self")).unwrap();
    let status = "Name:\tflowdeck\nVmPeak:\t  900000 kB\nVmSize:\t  524288 kB\n";
    fs::write(root.path().join("proc/self/status"), status).unwrap();
    assert_eq!(address_space_left(root.path(), GB), Some(GB / 2));
    assert_eq!(address_space_left(root.path(), GB / 4), Some(0));
}
