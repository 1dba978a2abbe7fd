#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# U12: a build that is killed at any moment leaves no process and no mount, and nothing wrong in the cache:
# the next one gives the image of a clean build.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/build.sh"

need kist-runtime
base_image
SOURCE_DATE_EPOCH=1000000000
export SOURCE_DATE_EPOCH
mkdir -p "$T/context/many"
i=0
while [ $i -lt 400 ]; do
	head -c 20000 /dev/urandom >"$T/context/many/$i"
	i=$((i + 1))
done
touch -d '2001-01-01' "$T"/context/many/* "$T/context/many"
dockerfile <<'EOF'
FROM busybox AS build
COPY many /a/
RUN touch -d '2001-01-01 00:00:00' /etc/mark /etc
COPY many /b/
FROM scratch
COPY --from=build /a /a/
COPY --from=build /b /etc/mark /b/
WORKDIR /c
EOF
image_id() { tail -n 1 "$T/out" | jq -r '.annotations["org.kist.image.id"]'; }

# a clean build in a store of its own
cp -a "$KIST_ROOT" "$T/clean"
start=$(date +%s%N)
kist-build --root "$T/clean" -t app "$T/context" >"$T/out" 2>"$T/err" || fail "the clean build"
took=$((($(date +%s%N) - start) / 1000000))
clean_id=$(image_id)

kills=0
round=0
while [ $round -lt 20 ]; do
	round=$((round + 1))
	# each at another moment of what a clean build takes
	kist-build -t app --no-cache "$T/context" >"$T/out" 2>"$T/err" &
	pid=$!
	sleep "$(awk -v t="$took" -v r="$round" 'BEGIN {print t * r / 20 / 1000}')"
	kill -9 $pid 2>/dev/null && kills=$((kills + 1))
	wait $pid 2>/dev/null
done
[ $kills -gt 5 ] || fail "only $kills builds were killed: $took ms"
sleep 0.2
# a bridge may stay until the next build, which takes it down
left=$(kist_left)
! echo "$left" | grep -vxE '|interface kist0|nft table ip kist0' || fail "left behind: $left"
status 0 build
[ -z "$(kist_left)" ] || fail "left behind by the next build: $(kist_left)"
[ "$(image_id)" = "$clean_id" ] || fail "not the image of a clean build"
[ -z "$(find "$KIST_ROOT/cache/build" -name '.tmp-*')" ] || fail "a workspace is left"
status 0 kist-store fsck

# SIGKILL of a command: the step fails, nothing of it is kept, and the next build runs it
printf 'FROM busybox\nRUN echo half > /half; echo begun; if [ ! -s /sys/kernel/none ]; then sleep 2; fi; echo whole > /whole\n' | dockerfile
kist-build "$T/context" >"$T/out" 2>"$T/err" &
pid=$!
wait_for 10 grep -q begun "$T/out"
# the shell says so before it starts it
wait_for 10 sh -c 'for p in /proc/[0-9]*; do [ "$(tr "\\0" " " <$p/cmdline 2>/dev/null)" != "sleep 2 " ] || exit 0; done; exit 1'
for p in /proc/[0-9]*; do
	[ "$(tr '\0' ' ' <"$p/cmdline" 2>/dev/null)" != 'sleep 2 ' ] || kill -9 "$(awk '/^PPid/ {print $2}' "$p/status")"
done
wait $pid
[ $? = 1 ] || fail "status $? after SIGKILL of a command"
complains 'exit code: 137'
check "the next build" build
cached 0
[ "$(in_image app 'cat half whole')" = "half
whole" ] || fail "half a step was kept"

# SIGTERM of a build while a command runs
printf 'FROM busybox\nRUN echo begun; sleep 60\n' | dockerfile
kist-build "$T/context" >"$T/out" 2>"$T/err" &
pid=$!
wait_for 10 grep -q begun "$T/out"
kill -TERM $pid
wait $pid
[ $? = 143 ] || fail "status $? after SIGTERM"
sleep 0.2
[ -z "$(kist_left)" ] || fail "left behind: $(kist_left)"
[ -z "$(find "$KIST_ROOT/cache/build" -name '.tmp-*')" ] || fail "a workspace is left after SIGTERM"
[ -z "$(find /sys/fs/cgroup -name 'build-*' -type d 2>/dev/null)" ] || fail "a cgroup is left"
