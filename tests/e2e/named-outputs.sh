#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What a person names as an output is written, never replaced, when it is a device, a FIFO or a link.
. "$KIST_SOURCE/tests/e2e/lib.sh"

busybox_layout
start_registry
push_busybox bb:1
tar -C "$LAYOUT" -cf layout.tar .
check 'an image' kist-store load -i layout.tar
IMAGE=$(kist-store ls | jq -r .reference)
mkdir context
printf 'FROM %s\nENV A=b\n' "$IMAGE" >context/Dockerfile

# each writes something to the file it is given
write_to() {
	case $1 in
	save) kist save -o "$2" "$IMAGE" ;;
	store-save) kist-store save -o "$2" "$IMAGE" ;;
	pull) kist-pull -q -o "$2" "$REGISTRY/bb:1" ;;
	iidfile) kist-build --iidfile "$2" context ;;
	esac
}

for verb in save store-save pull iidfile; do
	rm -f null fifo link chain file
	mknod null c 1 3
	chmod 666 null
	status 0 write_to $verb "$T/null"
	[ -c null ] || fail "$verb replaced a device"

	mkfifo fifo
	cat fifo >from-fifo &
	reader=$!
	status 0 write_to $verb "$T/fifo"
	wait $reader
	[ -p fifo ] || fail "$verb replaced a FIFO"
	[ -s from-fifo ] || fail "$verb wrote nothing to a FIFO"

	ln -s chain link
	ln -s file chain
	status 0 write_to $verb "$T/link"
	check "$verb kept the links" test -L link -a -L chain -a -s file
	# a second time: the file is replaced as a whole, its mode stays
	chmod 604 file
	ln file before
	status 0 write_to $verb "$T/link"
	[ "$(stat -c %a file)" = 604 ] || fail "$verb changed the file's mode"
	[ "$(stat -c %i file)" != "$(stat -c %i before)" ] || fail "$verb wrote into the file"
	rm -f before

	printf 'front ' >appended
	(exec 3>>appended && write_to $verb /dev/fd/3 >/dev/null 2>&1) || fail "$verb to /dev/fd/3"
	check "$verb wrote where the descriptor stood" \
		test "$(head -c 6 appended)" = 'front ' -a "$(stat -c %s appended)" -gt 10
	rm -f appended

	# what fails leaves what was there
	cp file kept
	write_to $verb "$T/missing/file" 2>err && fail "$verb made a directory"
	complains "cannot write '$T/missing/file': No such file or directory"
	cmp -s file kept || fail "$verb touched another file"
done
status 3 kist-store save -o file no-such-image:1
cmp -s file kept || fail 'a failed save touched its file'
find . -maxdepth 1 -name '.tmp-*' | grep . && fail 'temporary files are left'
exit 0
