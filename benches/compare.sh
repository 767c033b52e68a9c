#!/usr/bin/env bash
# Runs the benchmarks of the working tree and of another revision in turn, and prints the ratio of their times.
# Needs what Cargo needs, git, bash and awk. README.md beside it says what is measured and how.
set -euo pipefail
export LC_ALL=C

usage() {
    cat <<'USAGE'
Usage: benches/compare.sh [OPTIONS] REVISION
       benches/compare.sh --times FILE

Compares the working tree with REVISION: load, forms, filter, analyse and questions.

  --rounds N     number of rounds (default: 15)
  --records N    number of records (default: 1000000; the filters always have ten million)
  --only REGEX   only the benchmarks whose names match
  --times FILE   measure nothing, and print the table of an earlier run

The exit status is 1 if the interval of a benchmark is wholly above 1.03, 2 on an error, else 0.
USAGE
}

fail() {
    printf 'compare.sh: %s\n' "$1" >&2
    exit 2
}

# The benchmarks of benches/main.rs that are compared: those of analyse.rs have no group.
compared='^(load|forms|filter [^/]*)/|^[^/]*$|^questions/'
# The examples of questions.rs are each asked once by a process. This many processes make a round.
processes=5

# The table of the times in FILE, which has lines of a name, a round, a time of the revision and one of the working tree.
#
# The ratios of the times of one round are sorted. The interval is from the k-th least to the k-th greatest of them, with the
# greatest k for which the median lies between these two with a probability of at least 95 %; nothing is assumed of how ratios
# are distributed. Fewer than six have no such k.
table() {
    awk -F '\t' '
        {
            if (!($1 in count)) names[++benchmarks] = $1
            ratio = $4 / $3
            # Sorted as they come.
            for (at = ++count[$1]; at > 1 && ratios[$1, at - 1] > ratio; at--) ratios[$1, at] = ratios[$1, at - 1]
            ratios[$1, at] = ratio
        }
        # How many of n ratios lie outside the interval at either end.
        function outside(n,    k, chance, below) {
            chance = 0.5 ^ n
            below = chance
            for (k = 0; below <= 0.025; k++) {
                chance = chance * (n - k) / (k + 1)
                below += chance
            }
            return k
        }
        END {
            printf "%-7s %-15s  %s\n", "ratio", "95 % interval", "benchmark"
            for (i = 1; i <= benchmarks; i++) {
                name = names[i]
                n = count[name]
                median = (ratios[name, int((n + 1) / 2)] + ratios[name, int(n / 2) + 1]) / 2
                k = outside(n)
                if (k == 0) {
                    few++
                    printf "%-7.3f %-15s  %s\n", median, "-", name
                    continue
                }
                low = ratios[name, k]
                high = ratios[name, n + 1 - k]
                mark = low > 1.03 ? "   SLOWER" : high < 1 / 1.03 ? "   faster" : ""
                slower += low > 1.03
                printf "%-7.3f %-15s  %s%s\n", median, sprintf("%.3f to %.3f", low, high), name, mark
            }
            if (!benchmarks) print "nothing was measured"
            if (few) print "fewer than six rounds have no interval"
            if (slower) printf "%d of %d have an interval wholly above 1.03\n", slower, benchmarks
            exit slower > 0
        }' "$1"
}

rounds=15 records=1000000 only='' revision=''
while (($#)); do
    case "$1" in
        --rounds | --records | --only | --times)
            (($# > 1)) || fail "a value is missing: $1"
            [[ "$1" == --only || "$1" == --times || "$2" =~ ^[1-9][0-9]*$ ]] || fail "not a number above 0: $1 $2"
            case "$1" in
                --rounds) rounds="$2" ;;
                --records) records="$2" ;;
                --only) only="$2" ;;
                --times)
                    [[ -f "$2" ]] || fail "no such file: $2"
                    table "$2"
                    exit
                    ;;
            esac
            shift 2
            ;;
        -h | --help)
            usage
            exit
            ;;
        -*) fail "no such option: $1; see --help" ;;
        *)
            [[ -z "$revision" ]] || fail "one revision is compared with: $revision, $1"
            revision="$1"
            shift
            ;;
    esac
done
[[ -n "$revision" ]] || {
    usage >&2
    exit 2
}

cd "$(dirname "${BASH_SOURCE[0]}")/.."
commit="$(git rev-parse --verify --quiet "$revision^{commit}")" || fail "no such revision: $revision"
target="${CARGO_TARGET_DIR:-target}"
mkdir -p "$target/compare"
# A path from the root: the worktree of the revision is another folder than this one.
folder="$(cd "$target/compare" && pwd)"
times="$folder/times.tsv"
unset FLOWDECK_BENCH_FILES FLOWDECK_BENCH_TREE
# Both sides are built in one folder, so that what they depend on is built once, and in another one than that of `cargo build`,
# which keeps its program.
export FLOWDECK_BENCH_RECORDS="$records" CARGO_TARGET_DIR="$folder/build"

clean() {
    if [[ -e "$folder/tree" ]]; then
        git worktree remove --force "$folder/tree" 2>/dev/null || rm -rf "$folder/tree"
    fi
}
trap clean EXIT
trap 'exit 130' INT TERM
clean

# build TREE PROGRAMS: builds the benchmarks of TREE, and copies them into the folder PROGRAMS.
build() {
    local messages name program
    messages="$(cd "$1" && cargo bench --no-run --locked --message-format json-render-diagnostics)" ||
        fail "the benchmarks of $1 cannot be built"
    mkdir -p "$2"
    for name in main questions; do
        program="$(sed -n 's/.*"kind":\["bench"\].*"name":"'"$name"'".*"executable":"\([^"]*\)".*/\1/p' <<<"$messages")"
        [[ -x "$program" ]] || fail "$1 has no benchmark $name"
        cp "$program" "$2/$name"
    done
}

printf 'building the working tree\n' >&2
build . "$folder/new"
old="$folder/$commit"
if [[ ! -x "$old/questions" ]]; then
    printf 'building %s\n' "$revision" >&2
    git worktree add --quiet --force --detach "$folder/tree" "$commit"
    rm -rf "$old" "$old.part"
    build "$folder/tree" "$old.part"
    mv "$old.part" "$old"
    clean
fi

# Both sides read one tree: that of the revision, which makes it when it asks its questions. A revision that does not know
# FLOWDECK_BENCH_TREE makes the same files again.
printf 'making %d records\n' "$records" >&2
scratch="$folder/build/tmp"
mkdir -p "$scratch"
examples() {
    sed -n 's/.*"question":"\([^"]*\)".*/\1/p'
}
"$old/questions" --bench | examples >"$folder/questions.old" || fail "the questions of $revision failed"
rm -rf "$folder/logs"
cp -R "$scratch/bench-flow-logs" "$folder/logs"
export FLOWDECK_BENCH_TREE="$folder/logs"
"$folder/new/questions" --bench | examples >"$folder/questions.new" || fail "the questions of the working tree failed"
# What both can be asked, and is wanted.
grep -Fx -f "$folder/questions.old" "$folder/questions.new" |
    ONLY="$only" awk '("questions/" $0) ~ ENVIRON["ONLY"]' >"$folder/questions" || true

# measure SIDE PROGRAM: runs the benchmarks of main.rs, and prints the name and the time of each.
measure() {
    local file
    rm -rf "$folder/criterion"
    # A quick run doubles the iterations until two results agree; the last of them counts.
    CRITERION_HOME="$folder/criterion" "$2" --bench --quick --measurement-time 0.3 --nresamples 1000 --noplot \
        "${only:-$compared}" >"$folder/log.$1" 2>&1 || fail "the benchmarks failed: $folder/log.$1"
    [[ -d "$folder/criterion" ]] || return 0
    find "$folder/criterion" -path '*/new/sample.json' | sort | while read -r file; do
        cat "${file%/*}/benchmark.json" "$file" | awk -v side="$1" '
            match($0, /"full_id":"([^"\\]|\\.)*"/) {
                name = substr($0, RSTART + 11, RLENGTH - 12)
                gsub(/\\"/, "\"", name)
            }
            match($0, /"iters":\[[^]]*\]/) { count = split(substr($0, RSTART + 9, RLENGTH - 10), iterations, ",") }
            match($0, /"times":\[[^]]*\]/) { split(substr($0, RSTART + 9, RLENGTH - 10), times, ",") }
            END { printf "%s\t%s\t%.9g\n", name, side, times[count] / iterations[count] }'
    done
}

# ask SIDE PROGRAM: puts the questions to one process, and prints the name and the time of each.
ask() {
    "$2" --folder "$folder/logs" <"$folder/questions" 2>"$folder/log.$1" | awk -v side="$1" '
        match($0, /"question":"[^"]*"/) {
            name = substr($0, RSTART + 12, RLENGTH - 13)
            match($0, /"seconds":[-+.0-9e]+/)
            printf "questions/%s\t%s\t%.9g\n", name, side, substr($0, RSTART + 10, RLENGTH - 10) * 1e9
        }' || fail "the questions failed: $folder/log.$1"
}

# in_turn ROUND COMMAND PROGRAM: has COMMAND measure PROGRAM of both sides, another one first in each round.
in_turn() {
    if (($1 % 2)); then
        "$2" old "$old/$3"
        "$2" new "$folder/new/$3"
    else
        "$2" new "$folder/new/$3"
        "$2" old "$old/$3"
    fi
}

# The first round does not count.
: >"$times"
main=1
for ((round = 0; round <= rounds; round++)); do
    printf '\rround %d of %d, %d s ' "$round" "$rounds" "$SECONDS" >&2
    : >"$folder/round"
    if ((main)); then
        in_turn "$round" measure main >>"$folder/round"
        # No benchmark of main.rs has such a name.
        [[ -s "$folder/round" ]] || main=0
    fi
    if [[ -s "$folder/questions" ]]; then
        for ((process = 0; process < processes; process++)); do
            in_turn "$((round + process))" ask questions >>"$folder/round"
        done
    fi
    ((round == 0)) && continue
    # The median of what a side has several times of; what only one side has is not compared.
    awk -F '\t' -v round="$round" -v compared="$compared" '
        $1 ~ compared {
            if (!(($1, "old") in count) && !(($1, "new") in count)) names[++benchmarks] = $1
            for (at = ++count[$1, $2]; at > 1 && times[$1, $2, at - 1] > $3 + 0; at--)
                times[$1, $2, at] = times[$1, $2, at - 1]
            times[$1, $2, at] = $3 + 0
        }
        END {
            for (i = 1; i <= benchmarks; i++) {
                name = names[i]
                old = count[name, "old"]
                new = count[name, "new"]
                if (old && new)
                    printf "%s\t%d\t%.9g\t%.9g\n", name, round,
                        times[name, "old", int((old + 1) / 2)], times[name, "new", int((new + 1) / 2)]
            }
        }' "$folder/round" >>"$times"
done
printf '\r' >&2
printf 'working tree / %s, median of %d rounds of %d records, in %d s; the times are in %s\n\n' \
    "$revision" "$rounds" "$records" "$SECONDS" "$times"
table "$times"
