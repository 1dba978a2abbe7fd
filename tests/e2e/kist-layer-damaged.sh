# SPDX-License-Identifier: Apache-2.0
# Damaged, cut, wrong and endless input: an error with a reason, and a DIR that was made is gone again.
. "$KIST_SOURCE/tests/e2e/lib.sh"

need gzip zstd jq
mkdir "$T/a"
head -c 2000000 /dev/urandom >"$T/a/1"
head -c 2000000 /dev/zero >"$T/a/2"
kist-layer pack "$T/a" >"$T/a.tar"
gzip -k "$T/a.tar"
zstd -q -k "$T/a.tar"
zero=sha256:$(printf '%064d' 0)

unpack() { # STATUS MESSAGE FILE [OPTION...]
	want=$1 message=$2 file=$3
	shift 3
	status "$want" sh -c "kist-layer unpack '$T/new' $* <'$file'"
	complains "$message"
	[ ! -s "$T/out" ] || fail 'a failing unpack printed a result'
	[ ! -e "$T/new" ] || fail 'a DIR that it made was left behind'
}

for kind in tar tar.gz tar.zst; do
	head -c 1500000 "$T/a.$kind" >"$T/cut"
	unpack 1 'ends in the middle' "$T/cut"
	head -c 100 "$T/a.$kind" >"$T/cut"
	unpack 1 'ends in the middle' "$T/cut"
	unpack 1 "and not $zero as expected" "$T/a.$kind" --expect "$zero"
	unpack 1 'is larger than 1048576 bytes' "$T/a.$kind" --max-size 1m
	unpack 1 'more than 2 entries' "$T/a.$kind" --max-entries 2
done
{ cat "$T/a.tar.gz"; echo garbage; } >"$T/garbage"
unpack 1 'trailing garbage' "$T/garbage"
{ head -c 1000000 "$T/a.tar.gz"; head -c 100 /dev/zero; tail -c +1000101 "$T/a.tar.gz"; } >"$T/bent"
unpack 1 'kist-layer: ' "$T/bent"
unpack 1 'the input is empty' /dev/null
echo 'no tar at all' >"$T/text"
unpack 1 'ends in the middle' "$T/text"
head -c 20000 /dev/urandom >"$T/noise"
unpack 1 'not a tar archive' "$T/noise"
unpack 2 'expect' "$T/a.tar" --expect sha256:short
status 2 kist-layer unpack
complains 'give either DIR or --dir-fd'

# the error in a form for programs
mkdir "$T/there"
status 1 sh -c "kist-layer unpack '$T/there' --expect $zero --info-fd 7 <'$T/a.tar' 7>'$T/info'"
check 'its code' test "$(jq .code "$T/info")" = 1028
check 'what was unpacked into a DIR that was there stays' test -e "$T/there/1"
status 3 sh -c "kist-layer unpack '$T/no/such/place' <'$T/a.tar'"

# killed in the middle: the new DIR goes
for signal in TERM INT; do
	mkfifo "$T/in"
	kist-layer unpack "$T/new" <"$T/in" >"$T/out" 2>"$T/err" &
	pid=$!
	exec 8>"$T/in"
	head -c 1000000 "$T/a.tar" >&8
	wait_for 5 test -e "$T/new/1"
	kill -$signal $pid
	if wait $pid; then fail 'status 0 after a kill'; fi
	exec 8>&-
	wait_for 5 test ! -e "$T/new"
	rm "$T/in"
done

# a full disk
mkdir "$T/small"
mount -t tmpfs -o size=3m tmpfs "$T/small" || skip 'no tmpfs'
on_exit "umount -l '$T/small'"
status 1 sh -c "kist-layer unpack '$T/small/new' <'$T/a.tar'"
complains 'No space left on device'
complains "'2'"
[ ! -e "$T/small/new" ] || fail 'a full disk stayed full'
