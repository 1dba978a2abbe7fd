# SPDX-License-Identifier: Apache-2.0
# A docker user's hour with Debian's unmodified client: version, run, ps, logs, exec, stop, rm, pull.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/engine.sh"
. "$KIST_SOURCE/tests/e2e/api.sh"
need python3
start_kistd
load_busybox

docker() { timeout 60 "$DOCKER" "$@"; }
run() { docker run --network none "$@"; }

status 0 docker version --format '{{.Server.APIVersion}}'
says 1.47
status 0 docker info --format '{{.Images}}'
says 1
status 0 docker images --format '{{.Repository}}:{{.Tag}}'
says busybox:latest

# in the foreground: all of the output, in both streams, and the status
status 7 run --rm busybox sh -c 'echo out; echo err >&2; exit 7'
says out
complains err
i=0
while [ $i -lt 20 ]; do # the first bytes are never missed, however short the run is
	[ "$(run --rm busybox echo "$i")" = "$i" ] || fail "output of a short run is lost (run $i)"
	i=$((i + 1))
done
printf 'one\ntwo\n' | docker run -i --rm --network none busybox cat >"$T/out" 2>"$T/err" || fail 'run -i'
[ "$(cat "$T/out")" = "$(printf 'one\ntwo')" ] || fail 'stdin through run -i'
[ "$(head -c 20000000 /dev/zero | docker run -i --rm --network none busybox cat | wc -c)" = 20000000 ] ||
	fail '20 MB through run -i'
status 127 run --rm busybox nosuch
complains nosuch
status 125 run --rm nosuch.invalid/x true

# with a terminal, which has its size and its status
on_terminal() { timeout 60 python3 "$KIST_SOURCE/tests/e2e/on_terminal.py" "$@"; }
status 5 on_terminal 31 97 "$DOCKER" run --rm -it --network none busybox sh -c 'until stty size | grep "31 97"; do sleep 0.05; done; exit 5'
says '31 97'

# in the background
status 0 run -d --name web busybox sh -c 'echo ready; while sleep 0.1; do :; done'
status 0 docker ps -a --format '{{.Names}} {{.Image}} {{.State}}'
says 'web busybox running'
wait_for 5 sh -c "$DOCKER logs web | grep -q ready"
timeout 10 "$DOCKER" logs -f web >"$T/follow" &
follow=$!
status 0 docker exec web sh -c 'echo in; echo no >&2'
says in
complains no
status 9 docker exec web sh -c 'exit 9'
[ "$(printf 'x\ny\n' | docker exec -i web cat)" = "$(printf 'x\ny')" ] || fail 'stdin through exec -i'
status 0 docker exec -e A=b -w /tmp -u 1000 web sh -c 'echo $A $(pwd) $(id -u)'
says 'b /tmp 1000'
status 0 on_terminal 30 90 "$DOCKER" exec -it web stty size
says '30 90'
status 0 docker exec -d web touch /made
wait_for 5 "$DOCKER" exec web test -e /made
status 0 docker inspect -f '{{.State.Running}} {{.Name}}' web
says 'true /web'
status 0 docker kill -s STOP web
status 0 docker kill -s CONT web
status 0 docker pause web
status 0 docker ps --format '{{.Status}}'
says '(Paused)'
status 0 docker unpause web
status 0 docker restart -t 0 web
wait "$follow"
grep -q ready "$T/follow" || fail 'logs -f'
(sleep 0.5; exec "$DOCKER" kill web >"$T/killed") &
status 0 docker wait web
says 137
status 0 docker start web
status 0 docker stop -t 0 web
status 0 docker rename web old
status 1 docker rm web
complains 'No such container: web'
status 0 docker rm -v old
# a client that attaches first and starts then; and one that comes to what runs
status 0 docker create --name att --network none busybox sh -c 'echo first; exit 4'
status 4 docker start -a att
says first
status 0 docker rm att
status 0 docker run -d -i --name cat --network none busybox cat
# its stdin stays open for the next client, so this one does not end by itself
printf 'typed\n' | timeout 60 "$DOCKER" attach --sig-proxy=false cat >"$T/typed" &
attached=$!
wait_for 20 grep -q typed "$T/typed"
kill $attached
wait $attached 2>/dev/null
status 0 docker rm -f cat

# from a registry; what is not there
start_registry
push_busybox app:1
status 0 docker pull "$REGISTRY/app:1"
says "Status: Downloaded newer image for $REGISTRY/app:1"
says 'Digest: sha256:'
status 0 run --rm "$REGISTRY/app:1" echo pulled
says pulled
status 1 docker pull "$REGISTRY/app:nosuch"
complains 'app:nosuch'
status 0 docker run --rm --network none "$REGISTRY/app:1" true
nothing_left
