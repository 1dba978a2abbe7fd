# SPDX-License-Identifier: Apache-2.0
# A name appears after what it names is on disk: blobs and layers after syncfs, index.json after them.
. "$KIST_SOURCE/tests/e2e/lib.sh"

need strace
python3 "$KIST_SOURCE/tests/e2e/archive.py" good good.tar 2 || fail archive.py
traced -o trace -e trace=syncfs,fsync,fdatasync,renameat,renameat2,rename,linkat kist-store load <good.tar >/dev/null ||
	fail 'load'
# before the store's own files there is none of interest: from the first syncfs on, in this order
sed -n '/syncfs/,$p' trace >steps
awk '
	/^syncfs/ { if (state != 0) bad("a second syncfs"); state = 1 }
	/^renameat/ && !/index.json/ { if (state != 1) bad("published too early or too late"); names++ }
	/^fsync/ && state == 1 { synced++ }
	/^fsync/ && state == 2 { directory++ }
	/^renameat/ && /index.json/ {
		# the directories of blobs and layers, and index.json itself
		if (state != 1 || synced < 3) bad("index.json before what it refers to")
		state = 2
	}
	function bad(text) { print text ": " $0; failed = 1; exit 1 }
	END { if (!failed && (names != 6 || state != 2 || directory != 1)) { print names, state, directory; exit 1 } }
' steps || fail 'load: wrong order'

traced -o trace -e trace=fdatasync,fsync,renameat,renameat2 kist-store put <good.tar >/dev/null || fail 'put'
[ "$(grep -o '^[a-z]*' trace | tail -n 3 | tr '\n' ' ')" = 'fdatasync renameat fsync ' ] || fail "put: $(cat trace)"
