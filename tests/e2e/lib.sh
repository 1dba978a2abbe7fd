# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# Read by every end-to-end test: . "$KIST_SOURCE/tests/e2e/lib.sh"
#
# The test is started again inside its own mount, network and process namespaces, so that whatever
# it leaves behind (mount, interface, nft rule, process) is seen at its end and is gone after it.
# There: $T is a private directory, KIST_ROOT and KIST_RUN lie in it, PATH begins with the built
# programs, the loopback interface is up.
#
#   skip REASON                end, not counted as passed
#   fail TEXT                  end, failed
#   need PROGRAM...            skip when one is missing
#   need_shared FILE           set $SHARED_FILE or skip
#   check DESCRIPTION COMMAND...      the command must succeed
#   status N COMMAND...        run it; its status must be N. Its output is in $T/out and $T/err
#   says TEXT / complains TEXT the last "status" wrote TEXT to stdout / stderr
#   kill_hard PID              SIGKILL, and wait until it has let go of everything
#   free_port                  prints one
#   wait_for SECONDS COMMAND...       until it succeeds
#   start_registry             Debian's docker-registry on loopback: $REGISTRY (host:port)
#   busybox_root DIR           a root file system from busybox-static
#   busybox_layout             $LAYOUT, an OCI layout made by umoci with the tag "busybox"
#   push_busybox NAME          the busybox layout goes to $REGISTRY/NAME (skopeo)
#   debian_root DIR            a Debian root file system by debootstrap, or skip
#   tree_of DIR                its names, types, modes, owners, sizes, links, times and contents, sorted
#   pipe A B [C]               shell commands joined by pipes; their statuses are in $PIPE ("0 0")
#   traced OPTIONS COMMAND...  strace; 124 when it takes more than a minute
#   peak_kb COMMAND...         run it; $PEAK is the largest resident set of any process of it, in KiB
#   on_exit COMMAND            at the end, last first

set -u

if [ -z "${KIST_ISOLATED:-}" ]; then
	[ "$(id -u)" = 0 ] || { echo "SKIP: needs root"; exit 77; }
	KIST_ISOLATED=$(mktemp -d "${TMPDIR:-/tmp}/kist-test-XXXXXX") || exit 99
	export KIST_ISOLATED
	unshare --mount --net --pid --fork --kill-child --mount-proc --propagation private \
		sh "$0" "$@"
	status=$?
	rm -rf --one-file-system "$KIST_ISOLATED"
	exit $status
fi

T=$KIST_ISOLATED
KIST_ROOT=$T/root KIST_RUN=$T/run HOME=$T/home
PATH=$KIST_BUILD/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C.UTF-8
export T KIST_ROOT KIST_RUN HOME PATH LC_ALL
unset KIST_SECRET DOCKER_CONFIG REGISTRY_AUTH_FILE XDG_RUNTIME_DIR
mkdir -p "$HOME"
cd "$T" || exit 99
ip link set lo up
ulimit -n 4096

KIST_AT_EXIT=:
on_exit() { KIST_AT_EXIT="$1; $KIST_AT_EXIT"; }

# What a test must not leave: each as one line.
kist_left() {
	awk -v t="$T" 'index($5, t) == 1 {print "mount " $5}' /proc/self/mountinfo
	ip -o link show | awk -F': ' '$2 != "lo" {print "interface " $2}'
	nft list tables 2>/dev/null | sed 's/^/nft /'
	for p in /proc/[0-9]*; do
		pid=${p#/proc/}
		[ "$pid" = 1 ] || [ "$pid" = "$$" ] || [ ! -e "$p/exe" ] ||
			case $(cat "$p/comm" 2>/dev/null) in
			"" | awk | ip | sed | nft) ;;
			sh) [ "$(awk '{print $4}' "$p/stat" 2>/dev/null)" = "$$" ] ||
				echo "process $pid $(tr '\0' ' ' < "$p/cmdline" | cut -c1-80)" ;;
			*) echo "process $pid $(tr '\0' ' ' < "$p/cmdline" | cut -c1-80)" ;;
			esac
	done
}

kist_end() {
	status=$1
	trap - EXIT
	cd / || exit 99
	eval "$KIST_AT_EXIT"
	if [ "$status" = 0 ]; then
		# what was told to end gets two seconds to do so
		for _ in 1 2 3 4 5 6 7 8 9 10; do
			left=$(kist_left)
			[ -n "$left" ] || break
			sleep 0.2
		done
		[ -z "$left" ] || { echo "FAIL: left behind:"; echo "$left"; status=1; }
	fi
	exit "$status"
}
trap 'kist_end $?' EXIT
trap 'exit 1' INT TERM

skip() { echo "SKIP: $*"; exit 77; }

fail() {
	echo "FAIL: $*"
	for f in "$T/out" "$T/err"; do
		[ ! -s "$f" ] || { echo "--- $(basename "$f"):"; head -c 4000 "$f"; }
	done
	exit 1
}

# is_sanitized PROGRAM: its memory means nothing, and valgrind cannot run it
is_sanitized() { grep -q __asan_init "$1"; }

need() {
	for program; do
		command -v "$program" >/dev/null || skip "$program is not installed"
	done
}

need_shared() {
	SHARED_FILE=$KIST_SHARED/$1
	[ -e "$SHARED_FILE" ] || skip "shared/$1 is not there"
}

check() {
	what=$1
	shift
	"$@" || fail "$what: $*"
}

status() {
	want=$1
	shift
	"$@" >"$T/out" 2>"$T/err"
	got=$?
	[ "$got" = "$want" ] || fail "status $got, expected $want: $*"
}

says() { grep -qF -- "$1" "$T/out" || fail "stdout does not say: $1"; }
complains() { grep -qF -- "$1" "$T/err" || fail "stderr does not say: $1"; }

kill_hard() {
	kill -9 "$1"
	wait_for 5 sh -c "! grep -q '^State:.[^Z]' /proc/$1/status"
}

free_port() {
	python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

wait_for() {
	tries=$(($1 * 20))
	shift
	while ! "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || fail "waited in vain for: $*"
		sleep 0.05
	done
}

start_registry() {
	need docker-registry curl
	port=$(free_port)
	REGISTRY=127.0.0.1:$port
	mkdir -p "$T/registry"
	cat >"$T/registry.yml" <<-END
		version: 0.1
		log: {level: error, accesslog: {disabled: true}}
		storage: {filesystem: {rootdirectory: $T/registry}, delete: {enabled: true}}
		http: {addr: $REGISTRY}
	END
	docker-registry serve "$T/registry.yml" >"$T/registry.log" 2>&1 &
	on_exit "kill $! 2>/dev/null; wait $! 2>/dev/null"
	wait_for 10 curl -fs "http://$REGISTRY/v2/"
}

busybox_root() {
	[ -x /bin/busybox ] || skip "busybox-static is not installed"
	mkdir -p "$1/bin" "$1/etc" "$1/proc" "$1/sys" "$1/dev" "$1/tmp" "$1/root"
	chmod 1777 "$1/tmp"
	cp /bin/busybox "$1/bin/busybox"
	/bin/busybox --list | while read -r applet; do
		[ "$applet" = busybox ] || ln -s busybox "$1/bin/$applet"
	done
	printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\nuser:x:1000:1000::/home:/bin/sh\n' >"$1/etc/passwd"
	printf 'root:x:0:\nnogroup:x:65534:\nusers:x:1000:\nextra:x:2000:user\n' >"$1/etc/group"
}

busybox_layout() {
	need umoci
	LAYOUT=$T/layout
	busybox_root "$T/busybox"
	umoci init --layout "$LAYOUT" >/dev/null
	umoci new --image "$LAYOUT:busybox" >/dev/null
	umoci insert --image "$LAYOUT:busybox" "$T/busybox" / >/dev/null 2>&1 || fail "umoci insert"
	umoci config --image "$LAYOUT:busybox" --config.cmd sh \
		--config.env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin >/dev/null
	rm -rf "$T/busybox"
}

push_busybox() {
	need skopeo
	[ -n "${LAYOUT:-}" ] || busybox_layout
	skopeo copy -q --dest-tls-verify=false "oci:$LAYOUT:busybox" "docker://$REGISTRY/$1" ||
		fail "skopeo copy to $REGISTRY/$1"
}

pipe() {
	rm -f "$T"/pipe.[123]
	case $# in
	2) { sh -c "$1"; echo $? >"$T/pipe.1"; } | { sh -c "$2"; echo $? >"$T/pipe.2"; } ;;
	3) { sh -c "$1"; echo $? >"$T/pipe.1"; } | { sh -c "$2"; echo $? >"$T/pipe.2"; } |
		{ sh -c "$3"; echo $? >"$T/pipe.3"; } ;;
	esac >"$T/out" 2>"$T/err"
	PIPE=$(cat "$T"/pipe.[123] | tr '\n' ' ')
	PIPE=${PIPE% }
}

# LeakSanitizer looks for leaks by ptrace, which a traced process cannot do.
traced() {
	need strace
	ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0 timeout -k 1 60 strace -qq "$@"
}

peak_kb() {
	need time
	command time -f %M -o "$T/peak" "$@"
	peak_status=$?
	PEAK=$(tail -n 1 "$T/peak")
	return $peak_status
}

# debootstrap needs the network that the test's namespace does not have: a shell outside makes the root
# file system, once per run of the suite, and keeps it in the build directory.
debian_root() {
	need debootstrap
	[ -f "$KIST_BUILD/tests/debian.tar" ] || skip 'no Debian root file system: run tests/debian-root first'
	mkdir -p "$1"
	tar -C "$1" -xpf "$KIST_BUILD/tests/debian.tar" --numeric-owner
}

tree_of() {
	(
		cd "$1" || exit 1
		find . -mindepth 1 \( -type d -printf '%P d %m %U:%G\n' -o -type l -printf '%P l %l %U:%G\n' \
			-o -type f -printf '%P f %m %U:%G %s %Ts\n' -o -printf '%P %y %m %U:%G\n' \)
		find . -type f -print0 | xargs -0r sha256sum
	) | sort
}
