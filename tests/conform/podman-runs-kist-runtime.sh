# SPDX-License-Identifier: Apache-2.0
# podman --runtime kist-runtime: run, exec, pause, stop and statuses, as with runc.
. "$KIST_SOURCE/tests/e2e/lib.sh"

need podman
start_registry
push_busybox box:1
image=$REGISTRY/box:1
podman() {
	command podman --root "$T/podman" --runroot "$T/podman-run" --storage-driver overlay \
		--cgroup-manager cgroupfs --runtime "$KIST_BUILD/bin/kist-runtime" "$@"
}
# podman's own default limits need CAP_SYS_RESOURCE
run() { podman run --ulimit nofile=1024:1024 --ulimit nproc=1000:1000 --net none "$@"; }
on_exit 'podman unpause -a >/dev/null 2>&1; umount "$T/podman/overlay" 2>/dev/null'

status 0 podman pull -q --tls-verify=false "$image"
status 3 run --rm "$image" sh -c 'echo from podman; exit 3'
says 'from podman'
status 127 run --rm "$image" nosuch
complains nosuch
status 126 run --rm "$image" /etc
# users of its own, below directories that are root's alone; standard streams opened anew
chmod 755 "$T"
status 0 run --rm --uidmap 0:100000:65536 "$image" sh -c 'id -u; cat /proc/self/uid_map'
says 100000
status 0 run --rm --user 1000:1000 -v "$T/home:/mnt:ro" "$image" sh -c 'echo $(pwd) $HOME >/dev/stdout; echo err >/dev/stderr'
says '/ /home'
complains err
status 0 run -d --name box --memory 64m "$image" sh -c 'trap "exit 0" TERM; while :; do sleep 0.1; done'
status 0 podman exec box cat /proc/1/comm
says sh
status 5 podman exec box sh -c 'exit 5'
status 0 podman pause box
status 0 podman ps -a --format '{{.Status}}'
says aused
status 0 podman unpause box
status 0 podman stop -t 5 box
status 0 podman inspect -f '{{.State.ExitCode}}' box
says 0
status 0 podman rm box
