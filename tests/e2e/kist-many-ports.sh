# SPDX-License-Identifier: Apache-2.0
# All ports there are, by one -p: made, started, shown and taken down in the time of any other container; and what
# shows each port costs twice as much for twice as many.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/engine.sh"

need valgrind jq
! is_sanitized "$KIST_BUILD/bin/kist" || skip 'valgrind cannot run a sanitized program'
load_busybox
status 0 timeout 60 kist run -d --name all -p 1-65535:1-65535 busybox sleep 1000
status 0 timeout 60 kist ps --format '{{.Ports}}'
[ "$(cat out)" = '0.0.0.0:1-65535->1-65535/tcp' ] || fail "ps: $(head -c 200 out)"
status 0 timeout 60 kist port all
[ "$(wc -l <out)" = 65535 ] || fail "port shows $(wc -l <out) ports"
status 0 timeout 60 kist port all 8080
[ "$(cat out)" = 0.0.0.0:8080 ] || fail 'port of one'
status 0 timeout 60 kist inspect all
jq -e '.[0] | (.NetworkSettings.Ports | length) == 65535 and (.HostConfig.PortBindings | length) == 65535 and
	(.Config.ExposedPorts | length) == 65535' out >/dev/null || fail 'inspect'
status 0 timeout 60 kist rm -f all

instructions() {
	valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" >out 2>err || fail "$*: $(tail -n 3 err)"
	sed -n 's/.*Collected : \([0-9]*\).*/\1/p' err
}
for n in 1 10000 20000; do
	status 0 kist run -d --name "p$n" -p "1-$n:1-$n" busybox sleep 1000
	for verb in inspect port; do
		instructions kist $verb "p$n" >"$verb.$n"
	done
	status 0 kist stop -t 0 "p$n"
	instructions kist inspect "p$n" >"stopped.$n"
	status 0 kist rm "p$n"
done
for what in inspect port stopped; do
	once=$(($(cat $what.10000) - $(cat $what.1))) twice=$(($(cat $what.20000) - $(cat $what.1)))
	echo "$what: $once, $twice"
	[ $((twice * 2)) -le $((once * 5)) ] || fail "$what: $once instructions for 10000 ports, $twice for twice as many"
done
nothing_left
