# SPDX-License-Identifier: Apache-2.0
# For tests/vm/run: the clock jumps an hour forth and back while kist waits for something (M11). What waits goes by a
# clock that does not jump: neither at once, nor an hour late; and containers go on.
PATH=$KIST_BUILD/bin:$PATH KIST_ROOT=/root/kist-clock KIST_RUN=/run/kist-clock
export PATH KIST_ROOT KIST_RUN

fail() { echo "FAIL: $*"; exit 1; }
uptime_s() { cut -d. -f1 /proc/uptime; }
mkdir -p /root/clock-image
(
	cd /root/clock-image && umoci init --layout l && umoci new --image l:c && mkdir r r/bin && cp /bin/busybox r/bin/ &&
		umoci insert --image l:c r / && umoci config --image l:c --config.env PATH=/bin
) >/dev/null 2>&1 || fail 'no image'
tar -C /root/clock-image/l -cf - . | kist load >/dev/null || fail 'kist load'

for jump in '+1 hour' '-1 hour'; do
	kist run -d --net none --name stubborn c busybox sh -c 'trap "" TERM; i=0; while :; do echo $i; i=$((i + 1)); sleep 0.2; done' \
		>/dev/null || fail 'run -d'
	sleep 1
	began=$(uptime_s)
	timeout 120 kist stop -t 8 stubborn >/dev/null &
	stop=$!
	sleep 2
	date -s "$jump" >/dev/null || fail "date -s '$jump'"
	[ "$(kist inspect -f '{{.State.Status}}' stubborn)" = running ] || fail "$jump: it was killed by the jump"
	wait $stop || fail "$jump: stop"
	took=$(($(uptime_s) - began))
	if [ $took -lt 7 ] || [ $took -gt 30 ]; then fail "$jump: stop -t 8 took $took seconds"; fi
	[ "$(kist inspect -f '{{.State.Status}} {{.State.ExitCode}}' stubborn)" = 'exited 137' ] || fail "$jump: its end"
	# no line is lost, whatever its time says
	kist logs stubborn | busybox awk '$1 != NR - 1 {exit 1}' || fail "$jump: the log has a gap"
	kist start stubborn >/dev/null || fail "$jump: start"
	kist ps | grep -q stubborn || fail "$jump: ps"
	kist rm -f stubborn >/dev/null || fail "$jump: rm"
done
[ -z "$(kist ps -aq)" ] || fail 'a container is left'
