# SPDX-License-Identifier: Apache-2.0
# dockerd with kist-runtime as its runtime: run, exec and update, users, statuses of what cannot be executed.
. "$KIST_SOURCE/tests/e2e/lib.sh"

need dockerd docker containerd
# where its containerd puts shims' sockets
mount -t tmpfs run /run
dockerd -H "unix://$T/docker.sock" --data-root "$T/docker" --exec-root "$T/exec" --pidfile "$T/docker.pid" \
	--add-runtime "kist=$KIST_BUILD/bin/kist-runtime" --default-runtime kist --storage-driver vfs \
	--bridge none --iptables=false --ip6tables=false >"$T/dockerd.log" 2>&1 &
daemon=$!
on_exit "kill $daemon; wait $daemon; umount -R /run"
docker() { command docker -H "unix://$T/docker.sock" "$@"; }
ready() { docker version || ! kill -0 $daemon; }
wait_for 30 ready
docker version >/dev/null 2>&1 || skip "dockerd does not start here: $(tail -n 1 "$T/dockerd.log")"
busybox_root "$T/root"
tar -C "$T/root" -c . | docker import - box:1 >/dev/null || fail "import"
# docker's own default limits need CAP_SYS_RESOURCE
run() { docker run --ulimit nofile=1024:1024 --net none "$@"; }

status 3 run --rm box:1 sh -c 'echo from docker; exit 3'
says 'from docker'
status 0 run --rm -u 1000 -w /made/dir box:1 sh -c 'echo err >/dev/stderr; echo x >/dev/null; echo "$HOME $(pwd)" >/dev/stdout'
says '/home /made/dir'
complains err
status 127 run --rm box:1 nosuch
complains 'executable file not found in $PATH'
status 127 run --rm box:1 /no/such
status 126 run --rm box:1 /etc
status 0 run --rm --read-only --tmpfs /tmp box:1 sh -c 'stat -c %a /tmp; ! touch /x'
says 1777

status 0 run -d --name box -m 64m box:1 sleep 100
status 0 docker update --cpus 0.5 box
status 0 docker update -m 80m --memory-swap 80m box
status 0 docker update --pids-limit 50 box
status 0 docker exec -u 1000 box sh -c 'echo again >/dev/stderr; exit 0'
complains again
status 5 docker exec box sh -c 'exit 5'
status 0 docker pause box
status 0 docker unpause box
status 0 docker inspect -f '{{.State.Status}} {{.State.OOMKilled}}' box
says 'running false'
status 0 docker stop -t 1 box
status 0 docker rm box
