# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# N04, first half: 200 set-ups and teardowns at the same time; every address once, nothing left.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/netsetup.sh"

cat >"$T/one" <<'END'
#!/bin/sh
n=$1
printf '{"container_id":"%064x","name":"c%d","endpoints":[{"network":"default","ports":[{"host_port":0,"container_port":80}]}]}' "$n" "$n" >"$T/config-$n"
kist-netsetup setup "$T/netns/$n" <"$T/config-$n" >"$T/result-$n" || exit 1
END
cat >"$T/round" <<'END'
#!/bin/sh
"$T/one" "$1" && kist-netsetup teardown "$T/netns/$1" <"$T/config-$1"
END
chmod +x "$T/one" "$T/round"
seq 1 200 | xargs -P 20 -n 1 "$T/one" || fail "a set-up failed"
is "$(cat "$T"/result-* | jq -r '.endpoints[0].addresses[0]' | sort -u | wc -l)" 200
is "$(cat "$T"/result-* | jq -r '.endpoints[0].ports[0].host_port' | sort -u | wc -l)" 200
is "$(ip -o link show master kist0 | wc -l)" 200
seq 1 200 | xargs -P 20 -I N sh -c 'kist-netsetup teardown "$T/netns/N" <"$T/config-N"' || fail "a teardown failed"
nothing_left

# up and down all the time: bridge and table come and go beneath the others
seq 201 400 | xargs -P 20 -n 1 "$T/round" || fail "a round failed"
nothing_left

# a small network: exactly as many as there are addresses
kist-netsetup create small --subnet 10.99.0.0/29 >/dev/null || fail "create"
for n in 1 2 3 4 5; do check "setup $n" up $n '.network = "small"'; done
config 6 '.network = "small"' >"$T/config"
mkdir -p "$T/files-6"
status 4 kist-netsetup setup "$T/netns/6" <"$T/config"
complains "network small has no free address in 10.99.0.0/29"
down 3 '.network = "small"'
check "the address is given again" up 6 '.network = "small"'
status 4 kist-netsetup rm small
complains "containers are in network small"
for n in 1 2 4 5 6; do check "teardown $n" down $n '.network = "small"'; done
status 0 kist-netsetup rm small
nothing_left
