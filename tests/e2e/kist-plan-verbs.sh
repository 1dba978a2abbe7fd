# SPDX-License-Identifier: Apache-2.0
# For every verb that changes something: its script, run in a second root, prints what the verb prints,
# ends as the verb ends, and leaves what the verb leaves; also where the verb fails.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/engine.sh"

ROOTS="$T/one $T/two"
mkdir -p "$T/one" "$T/two"
# in ROOT COMMAND...
in_root() {
	KIST_ROOT=$1/root KIST_RUN=$1/run
	export KIST_ROOT KIST_RUN
	shift
	"$@"
}
# both COMMAND...: a preparation, in both roots
both() {
	for root in $ROOTS; do
		in_root "$root" "$@" >"$T/prepared" 2>&1 || fail "preparation: $* ($(cat "$T/prepared"))"
	done
}
ids() { sed -E 's/[0-9a-f]{64}/ID/g; s/[0-9a-f]{12}/ID/g; s#/(one|two)/#/ROOT/#g'; }
# what is there: objects as people see them, and the files of ROOT and RUN
state() {
	objects | ids | sort
	for tree in "$KIST_ROOT" "$KIST_RUN"; do
		(cd "$tree" && find . -path ./layers -prune -o -path '*/blobs/sha256' -prune -o -printf '%P %y %m\n')
	done | grep -vE '(attach.sock|lock|index.lock|runtime)( |/|$)' | ids | sort
}
objects() {
	kist ps -a --format '{{.Names}} {{.Image}} {{.State}}'
	kist images --digests --format '{{.Repository}}:{{.Tag}} {{.ID}}'
	kist volume ls --format '{{.Name}} {{.Labels}}'
	kist network ls --format '{{.Name}} {{.Driver}}'
}
# same WORDS...: kist WORDS, and the script of kist --plan WORDS
same() {
	input=${input:-/dev/null}
	in_root "$T/one" kist "$@" <"$input" >"$T/own.out" 2>"$T/own.err"
	own=$?
	in_root "$T/two" kist --plan "$@" <"$input" >"$T/script" 2>"$T/plan.err"
	planned=$?
	if [ -s "$T/script" ]; then
		[ $planned = 0 ] || fail "status $planned of --plan $*"
		in_root "$T/two" sh "$T/script" <"$input" >"$T/script.out" 2>"$T/script.err"
		planned=$?
	else
		# what cannot be planned fails as the verb does
		: >"$T/script.out"
		[ $planned != 0 ] || fail "no script and no failure: $*"
	fi
	in_root "$T/one" state >"$T/own.state"
	in_root "$T/two" state >"$T/script.state"
	ids <"$T/own.out" >"$T/own.said"
	ids <"$T/script.out" >"$T/script.said"
	[ $own = $planned ] || { cat "$T/script" "$T/script.err" "$T/own.err"; fail "status $planned, and $own of: $*"; }
	cmp -s "$T/own.said" "$T/script.said" || { diff "$T/own.said" "$T/script.said"; fail "the script of '$*' prints something else"; }
	cmp -s "$T/own.state" "$T/script.state" || { diff "$T/own.state" "$T/script.state"; fail "the script of '$*' leaves something else"; }
}
# WANT is in what the last one printed
printed() { grep -qF -- "$1" "$T/own.out" || fail "did not print: $1"; }

busybox_layout
tar -C "$LAYOUT" -cf "$T/busybox.tar" .
# load, from a file and from stdin, and what cannot be loaded
same load -i "$T/busybox.tar"
printed 'Loaded image: busybox:latest'
input=$T/busybox.tar same load
head -c 4096 "$T/busybox.tar" >"$T/short.tar"
same load -i "$T/short.tar"
same load -i "$T/nosuch.tar"
input=
# tag
same tag busybox one:1
same tag busybox two:2
same tag nosuch three:3
same tag busybox 'BAD NAME'
# save
same save -o "$T/saved.tar" busybox one:1
same save busybox
same save nosuch
# volumes
same volume create named
same volume create --label a=b labelled
same volume create
same volume create 'bad/name'
same volume rm labelled
same volume rm nosuch
same volume rm -f nosuch
# networks
same network create --subnet 10.231.0.0/16 net
same network create net
same network create -d nosuch other
# create, rename, start, pause, unpause, kill, stop, restart, rm
same create --name made --net none -v named:/data -v /anonymous busybox sh -c 'sleep 1000'
same create --name made --net none busybox true
same volume rm named
same rename made renamed
same rename renamed renamed
same rename nosuch other
same start renamed
same start renamed nosuch
same pause renamed
same pause renamed
same exec renamed true
same unpause renamed
same unpause renamed
same exec renamed sh -c 'echo in; exit 3'
same exec -d renamed touch /made
same exec -d renamed nosuch
same exec -w / -e A=b -u user renamed sh -c 'echo $A; id -un; pwd'
same rm renamed
same rmi busybox
same kill -s USR1 renamed
same restart -t 0 renamed
same stop -t 0 renamed
same stop -t 0 renamed nosuch
same kill renamed
same exec renamed true
same attach renamed
same start renamed
same kill renamed
same start -a nosuch
same start renamed
same rm -f renamed nosuch
same rm nosuch
# run
both kist load -i "$T/busybox.tar"
same run --rm --net none busybox sh -c 'echo out; exit 4'
same run --rm --net none busybox nosuch
same run --name ran --net none busybox echo kept
same run --name ran --net none busybox echo twice
same start -a ran
same run -d --name background --net none busybox sleep 1000
same run -d --rm --name gone --net none busybox sleep 1000
same stop -t 0 gone background
same run -d --name failed --net none busybox nosuch
same run --rm --net none -u nobody-knows busybox true
rm -f "$T/cid"
same run --rm --net none --cidfile /dev/null busybox true
# rmi: an ID with two names, one name of several, the last one
id=$(in_root "$T/one" kist images -q --no-trunc one:1)
same rmi "$id"
grep -q "must be forced" "$T/own.err" || fail "an ID with two names went"
same rmi nosuch two:2
same rmi -f nosuch
same container prune -f
same container prune -f
same rmi one:1
# prunes
both kist load -i "$T/busybox.tar"
both kist tag busybox spare:1
same image prune -f
same image prune -af
same image prune -f
both kist load -i "$T/busybox.tar"
both kist volume create again
same volume prune -f
same volume prune -af
same network rm net nosuch
same network rm bridge
same network rm -f nosuch
# programs of their own
same pull 127.0.0.1:1/nosuch/image:1
same push nosuch:1
same login --nosuch-flag
same logout 127.0.0.1:1
mkdir context
printf 'FROM busybox\nCMD ["true"]\n' >context/Dockerfile
same build -q -t built context
same build -q -t built nosuch
same rmi built
# what only looks says so
for verb in ps images 'inspect x' 'logs x' 'port x' 'top x' 'wait x' info version 'system df' 'volume ls' 'volume inspect x' \
	'network ls' 'network inspect x' 'image inspect x' 'container inspect x'; do
	# shellcheck disable=SC2086
	status 1 kist --plan $verb
	complains 'only looks'
	[ ! -s out ] || fail "a script of $verb"
done
for root in $ROOTS; do
	in_root "$root" nothing_left
done
