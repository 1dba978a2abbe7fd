# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2034
# Read by the tests of kist-monitor, after lib.sh.
#
#   bundle JSON-ARGS [PYTHON]   $T/bundle with a busybox root; PYTHON changes the dict "c"
#   monitor ARGS...             kist-monitor with that bundle and the files below $T
#   start_monitor ARGS...       the same in the background, until $T/ready is written: $MONITOR
#   clients N                   wait until N clients are attached
#   field NAME                  prints a field of the exit record
#   logged STREAM               the "log" members put together
#   nothing_left                no state of the runtime, no socket, lock free

# the project's own runtime where it is built, else Debian's runc (the same command line)
if [ -x "$KIST_BUILD/bin/kist-runtime" ] && [ -z "${KIST_TEST_RUNTIME:-}" ]; then
	RUNTIME=$KIST_BUILD/bin/kist-runtime
else
	RUNTIME=${KIST_TEST_RUNTIME:-runc}
	need "$RUNTIME"
fi
need python3 jq flock
ID=$(basename "$T")
RUN_DIR=$T/run/$ID

bundle() {
	[ -d "$T/bundle/rootfs" ] || busybox_root "$T/bundle/rootfs"
	python3 - "$T/bundle/config.json" "$1" "${2:-}" "$ID" <<-'END'
		import json, sys
		ns = [{"type": t} for t in ("pid", "ipc", "uts", "mount")]
		c = {"ociVersion": "1.0.2",
		     "process": {"terminal": False, "user": {"uid": 0, "gid": 0}, "cwd": "/",
		                 "args": json.loads(sys.argv[2]),
		                 "env": ["PATH=/bin:/usr/bin", "TERM=xterm"]},
		     "root": {"path": "rootfs"}, "hostname": "box",
		     "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"},
		                {"destination": "/dev", "type": "tmpfs", "source": "tmpfs",
		                 "options": ["nosuid", "mode=755"]},
		                {"destination": "/dev/pts", "type": "devpts", "source": "devpts",
		                 "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"]}],
		     "linux": {"namespaces": ns, "cgroupsPath": "/kist-test/" + sys.argv[4]}}
		exec(sys.argv[3])
		json.dump(c, open(sys.argv[1], "w"))
	END
	on_exit "rmdir /sys/fs/cgroup/kist-test /sys/fs/cgroup/*/kist-test 2>/dev/null"
}

become_monitor() {
	exec kist-monitor --id "$ID" --bundle "$T/bundle" --runtime-root "$T/state" --run-dir "$RUN_DIR" \
		--log "$T/log.json" --exit-file "$T/exit.json" --runtime "$RUNTIME" "$@"
}
monitor() { (become_monitor "$@"); }
start_monitor() {
	rm -f "$T/ready"
	become_monitor --ready-fd 5 "$@" 5>"$T/ready" &
	MONITOR=$!
	wait_for 5 test -s "$T/ready"
}

field() { jq -r ".$1" "$T/exit.json"; }
is() { [ "$1" = "$2" ] || fail "got '$1', expected '$2'"; }
logged() { jq -j 'select(.stream == "'"$1"'").log' "$T/log.json"; }
clients() { wait_for 5 sh -c '[ "$(ls -l /proc/$1/fd | grep -c socket:)" -gt "$2" ]' - "$MONITOR" "$1"; }
running() { ! flock -n "$RUN_DIR/lock" true; }

nothing_left() {
	flock -n "$RUN_DIR/lock" true || fail "the lock is held"
	for f in attach.sock console.sock pid runtime.log; do
		[ ! -e "$RUN_DIR/$f" ] || fail "$f is left"
	done
	[ ! -e "$T/state/$ID" ] || fail "the runtime's state is left"
	for d in /sys/fs/cgroup/*/kist-test/"$ID" /sys/fs/cgroup/kist-test/"$ID"; do
		[ ! -e "$d" ] || fail "the cgroup $d is left"
	done
}
