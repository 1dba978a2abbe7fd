# SPDX-License-Identifier: Apache-2.0
# For tests/vm/run: what a service of systemd starts. A detached container outlives the service, monitor and all;
# an attached one ends with it. Limits hold, and nothing of either is left.
PATH=$KIST_BUILD/bin:$PATH KIST_ROOT=/root/kist KIST_RUN=/run/kist-test
export PATH KIST_ROOT KIST_RUN

fail() { echo "FAIL: $*"; exit 1; }
service() {
	systemd-run --quiet --setenv=PATH="$PATH" --setenv=KIST_ROOT="$KIST_ROOT" --setenv=KIST_RUN="$KIST_RUN" "$@"
}
state() { kist inspect --format '{{.State.Status}}' "$1"; }
await() { # SECONDS COMMAND...
	tries=$1
	shift
	until "$@"; do
		[ "$tries" -gt 0 ] || fail "waited in vain for: $*"
		tries=$((tries - 1))
		sleep 1
	done
}
empty() { [ -z "$(find /sys/fs/cgroup/kist -mindepth 1 -maxdepth 1 -type d ! -name monitors)" ]; }

mkdir -p /root/image
(
	cd /root/image && umoci init --layout l && umoci new --image l:b && mkdir r r/bin && cp /bin/busybox r/bin/ &&
		umoci insert --image l:b r / && umoci config --image l:b --config.env PATH=/bin
) >/dev/null 2>&1 || fail 'no image'
tar -C /root/image/l -cf - . | kist load >/dev/null || fail 'kist load'

# the service ends at once, the container does not
service --wait --pipe kist run -d --name web -m 32m --pids-limit 20 b busybox sleep 1000 || fail 'run -d in a service'
sleep 3
[ "$(state web)" = running ] || fail "web is $(state web): it ended with its service"
kist exec web busybox echo back | grep -qx back || fail 'exec'
pid=$(kist inspect --format '{{.State.Pid}}' web)
group=/sys/fs/cgroup$(sed -n 's/^0:://p' "/proc/$pid/cgroup")
[ "$(cat "$group/memory.max" "$group/pids.max" | tr '\n' ' ')" = '33554432 20 ' ] || fail 'limits'
kist stop -t 1 web >/dev/null || fail stop
[ "$(state web)" = exited ] || fail "web is $(state web): its monitor did not see the end"
kist rm web >/dev/null
empty || fail 'a cgroup is left'

# a service that is the container, with a restart of systemd's own rules in between
service --unit kist-attached kist run --rm --name app -m 32m b busybox sleep 1000 || fail 'run in a service'
await 20 sh -c '[ "$(kist inspect --format "{{.State.Status}}" app 2>/dev/null)" = running ]'
systemctl daemon-reload
kist exec app busybox true || fail 'exec after daemon-reload'
pid=$(kist inspect --format '{{.State.Pid}}' app)
[ "$(cat "/sys/fs/cgroup$(sed -n 's/^0:://p' "/proc/$pid/cgroup")/memory.max")" = 33554432 ] ||
	fail 'daemon-reload took the limit away'
systemctl stop kist-attached
await 20 sh -c '[ -z "$(kist ps -aq)" ]'
await 5 empty

kist run --name oom -m 16m b busybox tail /dev/zero
[ "$(kist inspect --format '{{.State.ExitCode}} {{.State.OOMKilled}}' oom)" = '137 true' ] || fail 'OOMKilled'
kist rm oom >/dev/null

# a cgroup with processes of its own is divided no further: no limits beneath it, but a container
own=$(sed -n 's/^0:://p' /proc/self/cgroup)
kist run --rm --cgroup-parent "$own/sub" -m 32m b busybox true 2>/tmp/err && fail 'limits where there are none'
grep -q 'has processes of its own' /tmp/err || fail "not said: $(cat /tmp/err)"
[ -z "$(kist ps -aq)" ] || fail 'a container is left'
