# SPDX-License-Identifier: Apache-2.0
# kist save app | kist --root OTHER load: the same image under the same name and id.
. "$KIST_SOURCE/tests/e2e/lib.sh"

need jq
busybox_layout
tar -C "$LAYOUT" -cf - . | kist-store load >/dev/null || fail 'load'
reference=$(kist-store ls | jq -r .reference)
status 0 kist tag "$reference" app:2
pipe 'kist save app:2' "kist --root '$T/other' load"
[ "$PIPE" = "0 0" ] || fail "statuses $PIPE"
says 'Loaded image: app:2'
kist images --no-trunc --quiet app:2 >id1
kist --root "$T/other" images --no-trunc --quiet app:2 >id2
check 'the same id' cmp id1 id2
[ -s id1 ] || fail 'no id'
# cut short: nothing is loaded
kist save app:2 >saved.tar
head -c $(($(stat -c %s saved.tar) / 2)) saved.tar >half.tar
status 1 kist --root "$T/third" load -i half.tar
status 0 kist --root "$T/third" images --quiet
[ ! -s "$T/out" ] || fail 'half an archive gave an image'
