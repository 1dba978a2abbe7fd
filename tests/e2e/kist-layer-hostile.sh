# SPDX-License-Identifier: Apache-2.0
# U01, U06: every layer of the hostile images, in both forms; the victim stays as it is.
. "$KIST_SOURCE/tests/e2e/lib.sh"

need python3 jq
need_shared tools/hostile_images.py
mkdir "$T/victim"
echo untouched >"$T/victim/secret"
python3 "$SHARED_FILE" "$T/images" "$T/victim" >/dev/null || fail 'cannot make the images'
victim=$(tree_of "$T/victim")

# case MODE NAME STATUS [MESSAGE]: unpack all layers of an image; the last one must end like that
case_() {
	rm -rf "$T/root"
	mkdir "$T/root"
	manifest=$T/images/$2/blobs/sha256/$(jq -r '.manifests[0].digest[7:]' "$T/images/$2/index.json")
	count=$(jq '.layers | length' "$manifest")
	n=0
	for digest in $(jq -r '.layers[].digest[7:]' "$manifest"); do
		n=$((n + 1))
		want=0
		[ $n -lt "$count" ] || want=$3
		dir=$T/root
		[ "$1" = apply ] || dir=$T/root/$n
		status "$want" sh -c "kist-layer unpack --whiteouts=$1 --max-size 300m '$dir' <'$T/images/$2/blobs/sha256/$digest'"
	done
	[ -z "${4:-}" ] || complains "$4"
	[ "$(wc -l <"$T/err")" -le 1 ] || fail "$2: more than one line of error"
	[ "$(tree_of "$T/victim")" = "$victim" ] || fail "$2 changed the victim"
}

for mode in apply overlay; do
	case_ $mode dotdot 1 'leads out of the layer'
	case_ $mode abs 0
	case_ $mode symdir 0
	case_ $mode symdir2 0
	case_ $mode symdirrel 0
	case_ $mode symfile 0
	case_ $mode hardabs 1 'not in the layer'
	case_ $mode hardup 1 'leads out of the layer'
	case_ $mode hardsym 1 'not in the layer'
	case_ $mode hardtosym 0
	for name in whdotdot whdotdot2 whdot whempty; do
		case_ $mode $name 1 'invalid whiteout name'
	done
	case_ $mode whchmod 0
	case_ $mode rootsym 1 'is not a directory'
	case_ $mode rootdot000 0
	case_ $mode dev 0
	case_ $mode chr00 1 'takes for a whiteout'
	case_ $mode fifoetc 0
	case_ $mode passwdsym 0
	case_ $mode ovlxattr 0
	case_ $mode caps 0
	case_ $mode deep 1 'more than 4095 bytes'
	case_ $mode ansi 0
	case_ $mode uidneg 1 'impossible owner'
	case_ $mode sizeneg 1 'impossible size'
	case_ $mode sizehuge 1 'larger than 1 PiB'
	case_ $mode longpax 1 'pax header'
	case_ $mode badlayer 1
	case_ $mode bomb 1 'is larger than 314572800 bytes'
done
case_ apply whsym 1 'leads through a symbolic link'
case_ apply opqsym 1 'leads through a symbolic link'
