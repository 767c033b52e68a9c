#!/usr/bin/env bash
# awscli 1.46.3 against moto 5.2.5, a server that stands in for CloudWatch Logs. Needs python3 with venv.
#
# `aws logs filter-log-events --query 'events[].message' --output text` is a common way to get flow logs out of CloudWatch Logs.
# The text output of a list is one line with tabs between its elements, and each page of the answer is a list: with the usual
# page of up to 10,000 events, one line has 10,000 records. So `| grep -c REJECT` counts pages, and `| awk '{ print $4 }'`
# prints one address a page.
# Output seen (6 events, 2 of them REJECT):
#
#     events[].message: 1 line, grep -c REJECT: 1
#     events[].[message]: 6 lines, grep -c REJECT: 2
#
# So ask for a list of lists, events[].[message], or split at tabs.
set -euo pipefail
folder="$(mktemp -d)"
server=
trap '[[ -z "$server" ]] || kill "$server" 2>/dev/null; rm -rf "$folder"' EXIT
{ python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install --quiet awscli==1.46.3 'moto[server]==5.2.5'; } || exit 2
cd "$folder"

export AWS_ACCESS_KEY_ID=testing AWS_SECRET_ACCESS_KEY=testing AWS_DEFAULT_REGION=us-east-1 AWS_CONFIG_FILE="$folder/config" \
    AWS_SHARED_CREDENTIALS_FILE="$folder/credentials" AWS_PAGER=
port=$((20000 + RANDOM % 20000))
venv/bin/moto_server -H 127.0.0.1 -p "$port" >server.log 2>&1 &
server=$!
logs() { venv/bin/aws --endpoint-url "http://127.0.0.1:$port" logs "$@"; }
for _ in {1..100}; do
    logs describe-log-groups >/dev/null 2>&1 && break
    sleep 0.3
done
stream=eni-0a1b2c3d4e5f60010-all now=$(($(date +%s) * 1000))
{ logs create-log-group --log-group-name flow && logs create-log-stream --log-group-name flow --log-stream-name "$stream"; } || exit 2
events=
for number in {1..6}; do
    action=ACCEPT
    ((number % 3)) || action=REJECT
    record="2 123456789012 eni-0a1b2c3d4e5f60010 203.0.113.12 10.0.100.11 6096$number 23 6 2 120 1795400521 1795400525 $action OK"
    events+="${events:+,}{\"timestamp\":$((now + number)),\"message\":\"$record\"}"
done
logs put-log-events --log-group-name flow --log-stream-name "$stream" --log-events "[$events]" >/dev/null || exit 2

for query in 'events[].message' 'events[].[message]'; do
    logs filter-log-events --log-group-name flow --query "$query" --output text >"$query.txt"
    lines=$(wc -l <"$query.txt")
    printf '%s: %d %s, grep -c REJECT: %d\n' "$query" "$lines" "$( ((lines == 1)) && echo line || echo lines)" "$(grep -c REJECT "$query.txt")"
done | tee seen
[[ "$(cat seen)" == $'events[].message: 1 line, grep -c REJECT: 1\nevents[].[message]: 6 lines, grep -c REJECT: 2' ]]
