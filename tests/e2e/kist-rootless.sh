#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# An ordinary user with ranges in /etc/subuid and /etc/subgid: images have their owners, are built, moved and run.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/rootless-lib.sh"

ranges 'nobody:1:1
kistuser:300000:1000
12345:500000:64536
'
user_context "$HOME_OF_USER/context"
cat >"$HOME_OF_USER/context/Dockerfile" <<'END'
FROM scratch
ADD root.tar /
COPY --chown=1000:2000 data /home/data
RUN id -u && touch /made && chown 1000:2000 /made && mkdir -m 700 /hers && chown 1000 /hers
USER 1000
RUN touch /hers/made
USER 0
CMD ["sh", "-c", "stat -c '%n %u:%g' / /home/hers /home/again /home/data /made /hers/made"]
END
owners='/ 0:0
/home/hers 1000:1000
/home/again 1000:1000
/home/data 1000:2000
/made 1000:2000
/hers/made 1000:1000'

status 0 as_user kist build -q --network none -t app context
status 0 as_user kist run --rm --net none app
check 'owners in the container' test "$(cat "$T/out")" = "$owners"
check 'nothing is said beside' test ! -s "$T/err"
data=$(find "$HOME_OF_USER/root/layers" -name data -type f)
check 'owners outside: of the first range, and of the second' test "$(stat -c %u:%g "$data")" = 300999:500999

# through archives, by each program alone, and from its own store
status 0 as_user sh -c 'kist save app >app.tar && kist rmi app && kist-store load <app.tar && kist images -q'
status 0 as_user sh -c 'kist inspect app && kist-store fsck && kist system df'
status 0 as_user kist run --rm --net none app
check 'owners after saving and loading' test "$(cat "$T/out")" = "$owners"
status 0 as_user sh -c 'kist rmi app && kist load -q -i app.tar'

# every stream and status as with root
status 7 as_user kist run --rm --net none app sh -c 'exit 7'
check 'stdin goes in' test "$(echo through | as_user kist run --rm -i --net none app cat)" = through
status 0 as_user kist run --rm --net none --user 1000:1000 app sh -c 'id -u; cat /home/hers; ! cat /etc/shadow 2>/dev/null; touch /tmp/x'
check 'another user inside' test "$(cat "$T/out")" = '1000
hers'
status 0 as_user kist run --rm --net host app sh -c 'test -d /sys/class/net && ! touch /sys/x 2>/dev/null && ls /sys/class/net'
says lo
status 0 as_user kist run --rm --net none -v /etc:/host:ro app sh -c 'test -f /host/passwd && ! touch /host/x 2>/dev/null'

# what a plan prints does the same, tool by tool
as_user kist --plan run --rm --net none app >plan.sh || fail 'kist --plan run'
cp plan.sh "$HOME_OF_USER/plan.sh"
status 0 as_user sh plan.sh
check 'the script says the same' test "$(cat "$T/out")" = "$owners"
as_user kist create --name still --net none app true >/dev/null || fail 'create'
mkdir -m 777 place
status 5 as_user kist-store mount still "$T/place"
complains 'nobody but kist-store would see the mount'
status 0 as_user kist-store mount still "$T/place" -- test -f "$T/place/home/hers"
status 0 as_user kist rm still

# the Engine API
printf 'GET /v1.41/containers/json?all=1 HTTP/1.1\r\nHost: kist\r\nConnection: close\r\n\r\n' | as_user kist-api >"$T/out" ||
	fail 'kist-api'
says '200 OK'

if command -v curl >/dev/null; then
	echo "docker:x:4242:" >>etc/group
	as_user sh -c 'echo $$ >daemon.pid; exec kistd -H "unix://$HOME/k.sock"' &
	daemon=$!
	wait_for 10 test -S "$HOME_OF_USER/k.sock"
	status 0 as_user curl -fsS --unix-socket "$HOME_OF_USER/k.sock" http://kist/v1.41/containers/json
	check 'the socket is the user'"'"'s alone' test "$(stat -c '%u:%g' "$HOME_OF_USER/k.sock")" = $user:$user
	kill "$(cat "$HOME_OF_USER/daemon.pid")"
	wait $daemon
fi

# one that goes on: other commands have rights over it, also when its monitor is gone
as_user kist run -d --name web --net none app sh -c 'trap "exit 3" TERM; echo up; while :; do sleep 0.05; done' >/dev/null ||
	fail 'run -d'
logged() { as_user kist logs web | grep -q up; }
wait_for 10 logged
status 0 as_user kist exec --user 1000 web id -u
says 1000
status 0 as_user kist top web -eo pid,args
check 'its processes and no others' test "$(grep -c 'echo up' "$T/out") $(grep -c kist "$T/out")" = '1 0'
status 1 as_user kist pause web
complains 'no cgroup of the container can freeze it'
status 0 as_user kist stop web
check 'its status' test "$(as_user kist wait web)" = 3
status 0 as_user kist start web
monitor=$(pgrep -u $user -x kist-monitor)
init=$(as_user kist inspect -f '{{.State.Pid}}' web)
kill_hard "$monitor"
status 0 as_user kist rm -f web
check 'what the monitor left behind is gone' test ! -e "/proc/$init"
check 'no process is left' test -z "$(pgrep -u $user)"

# what needs root is said so, once
for words in "run --rm app true" "run --rm --net none -m 64m app true" "run --rm -p 80:80 app true"; do
	# shellcheck disable=SC2086
	status 125 as_user kist $words
	check "$words: one sentence" test "$(grep -vc '^See ' "$T/err")" = 1
done
status 125 as_user kist run --rm app true
complains 'networks and published ports need root'
status 125 as_user kist run --rm --net none -m 64m app true
complains 'a memory limit is asked for'
status 1 as_user kist build --network default - <<'END'
FROM app
RUN true
END
complains 'networks and published ports need root'

# a list of who is inside that is damaged, or older than the machine's processes, leads nowhere else
for text in '' x '1 1' "$$ 7" '99999999999999999999 5' '-1 5' "$(printf '1 2\0003 4')"; do
	printf '%s\n' "$text" | as_user sh -c 'cat >run/userns'
	status 0 as_user kist run --rm --net none app id -u
	says 0
done
as_user sh -c ': >run/userns'
status 0 as_user kist run --rm --net none app id -u

# two that begin at once end up in one namespace
as_user sh -c 'for i in 1 2 3 4; do kist run -d --name c$i --net none app sleep 60 >/dev/null & done; wait' || fail 'four at once'
check 'one namespace' test "$(for i in 1 2 3 4; do readlink "/proc/$(as_user kist inspect -f '{{.State.Pid}}' c$i)/ns/user"; done | sort -u | wc -l)" = 1
status 0 as_user kist rm -f c1 c2 c3 c4
status 0 as_user sh -c 'kist rmi app && kist-store gc && rm -rf root run'
check 'and all of it was the user'"'"'s to remove' test ! -e "$HOME_OF_USER/root"
