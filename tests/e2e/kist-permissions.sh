# SPDX-License-Identifier: Apache-2.0
# Whatever umask the caller has, what kist makes is root's alone (M08): trees 0700, sockets and state 0600 or less, no
# program is set-uid, no abstract socket listens, and nothing is made outside of its trees. And what is written in
# labels, variables and an image's config steers nothing and draws on no terminal (M09).
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/engine.sh"
need python3 jq

umask 0
for program in "$KIST_BUILD"/bin/*; do
	case $(stat -c %A "$program") in
	*[sS]*) fail "$program is set-uid or set-gid" ;;
	esac
	[ -z "$(getcap "$program" 2>/dev/null)" ] || fail "$program has capabilities"
done
# empty places where programs like to leave something; the test's own directory stays where it is
exec 5<"$T"
for place in /tmp /var/tmp /dev/shm; do
	mount -t tmpfs none "$place" || fail "no tmpfs on $place"
	on_exit "umount $place"
done
mkdir -p "$T"
mount -c --bind /proc/self/fd/5 "$T"
exec 5<&-
cd "$T" || exit 99
on_exit "cd /; umount '$T'"
load_busybox
kist build -t built - >/dev/null 2>&1 <<'END2' || fail 'kist build'
FROM busybox
RUN echo x >/x
END2
kist volume create data >/dev/null
run -d --name web -v data:/d -v /anonymous busybox sleep 1000 >/dev/null || fail 'run -d'
kist exec -d web sleep 1000
kist exec web true
for tree in "$KIST_ROOT" "$KIST_RUN"; do
	[ "$(stat -c %a:%u "$tree")" = 700:0 ] || fail "$tree is $(stat -c %a:%u "$tree")"
	# what belongs to images and containers has their modes, behind those trees
	open=$(find "$tree" \( -name fs -o -name _data -o -name upper -o -name work -o -name diff -o -name merged \) -prune -o \
		\( -type f -o -type d -o -type s -o -type p \) -perm /022 -printf '%M %p\n')
	[ -z "$open" ] || fail "others may write: $open"
	open=$(find "$tree" -type s ! -perm 600 -printf '%M %p\n')
	[ -z "$open" ] || fail "a socket is open to others: $open"
done
if [ -x "$KIST_BUILD/bin/kistd" ]; then
	kistd &
	kistd=$!
	wait_for 5 test -S "$KIST_RUN/kist.sock"
fi
awk '$8 ~ /^@/ {print $8}' /proc/net/unix >abstract
[ ! -s abstract ] || fail "abstract sockets: $(cat abstract)"
if [ -n "${kistd:-}" ]; then
	kill "$kistd"
	wait "$kistd" 2>/dev/null
fi
status 0 kist rm -f -v web
made=$(find /tmp /var/tmp /dev/shm -xdev -mindepth 1 ! -path "$T" | head)
[ -z "$made" ] || fail "made elsewhere: $made"

# M09: words that steer something elsewhere, and would draw on a terminal
esc=$(printf '\033')
newline='A=first
LD_PRELOAD=/evil.so
B=second'
control=$(printf 'org.x=\033]0;pwned\007 \302\233 \r\n second')
name=$(run -d --label restart=always --label com.docker.compose.project=x --label "$control" --label 'privileged=true' \
	--label 'org.kist.image.id=sha256:0' -e "$newline" -e "E=$control" busybox sh -c \
	'cat /proc/self/environ | tr "\0" "|"; grep ^CapEff /proc/self/status') || fail 'run with labels'
status 0 kist wait "$name"
status 0 kist logs "$name"
says 'LD_PRELOAD=/evil.so' # as a part of A
tr '\n' ' ' <out | grep -qF '|A=first LD_PRELOAD=/evil.so B=second|' || fail 'a variable with a line feed became others'
says 00000000a80425fb
sleep 0.2
[ "$(kist inspect -f '{{.State.Status}} {{.RestartCount}}' "$name")" = 'exited 0' ] || fail 'a label restarted it'
status 0 kist inspect "$name"
[ "$(jq -r '.[0].Config.Labels["restart"]' out)" = always ] || fail 'a label is not kept'
jq -e --arg v "$newline" '.[0].Config.Env | index($v)' out >/dev/null || fail 'a variable is not kept'
for words in 'ps -a' 'ps -a --no-trunc' "inspect $name" 'ps -a --format {{.Labels}}'; do
	# shellcheck disable=SC2086
	python3 "$KIST_SOURCE/tests/e2e/on_terminal.py" 40 400 kist $words >seen 2>&1
	[ -s seen ] || fail "kist $words says nothing on a terminal"
	! grep -q "$esc]0;\|$(printf '\302\233')" seen || fail "kist $words draws on the terminal"
done
status 0 kist rm "$name"
# the same from an image
umoci config --image "$LAYOUT:busybox" --tag rude --config.label "$control" --config.env "$newline" --author "${esc}]0;x" \
	--config.user "root" --config.workingdir '/' >/dev/null 2>&1 || fail umoci
tar -C "$LAYOUT" -cf - . | kist load >/dev/null || fail 'kist load'
for words in 'images' 'inspect rude' 'history rude' 'image ls --format {{.}}'; do
	# shellcheck disable=SC2086
	python3 "$KIST_SOURCE/tests/e2e/on_terminal.py" 40 400 kist $words >seen 2>&1
	! grep -q "$esc]0;" seen || fail "kist $words draws on the terminal"
done
status 0 run --rm rude grep -c . /proc/self/status
kist volume rm data >/dev/null
nothing_left
