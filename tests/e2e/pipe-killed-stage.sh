# SPDX-License-Identifier: Apache-2.0
# When any stage of a pipeline is killed, the others end with an error and nothing is published.
. "$KIST_SOURCE/tests/e2e/lib.sh"

need jq mkfifo
start_registry
push_busybox box:1
kist-pull -o whole.tar "$REGISTRY/box:1" >/dev/null || fail 'pull to a file'
size=$(stat -c %s whole.tar)

# the producer dies in the middle: the consumer sees a stream that ends early
for part in 700 $((size / 3)) $((size / 2)) $((size - 600)); do
	pipe "head -c $part whole.tar" "kist-store --root '$T/cut' load"
	[ "$PIPE" = "0 1" ] || fail "load of $part bytes: $PIPE"
	status 0 kist-store --root "$T/cut" ls
	[ ! -s "$T/out" ] || fail "an image was published from $part bytes"
	pipe "head -c $part whole.tar" "kist-push -i - '$REGISTRY/cut:1'"
	[ "$PIPE" = "0 1" ] || fail "push of $part bytes: $PIPE"
	curl -fs "http://$REGISTRY/v2/cut/manifests/1" >/dev/null && fail "a manifest was pushed from $part bytes"
done

# the consumer dies: the producer ends with an error of its own
pipe "kist-pull -o - $REGISTRY/box:1" 'head -c 5000 >/dev/null'
[ "$PIPE" != "0 0" ] || fail 'kist-pull did not notice that its reader is gone'
kist-store load <whole.tar >loaded || fail 'load'
digest=$(jq -r .digest loaded)
layer=$(kist-store inspect "$REGISTRY/box:1" | jq -r '.manifest.layers[0].digest')
for program in "kist-store get $layer" "kist-store save $REGISTRY/box:1"; do
	pipe "$program" 'head -c 5000 >/dev/null'
	[ "$PIPE" != "0 0" ] || fail "$program did not notice that its reader is gone"
done

# killed while it waits for more: nothing is published, and what was left is swept
mkfifo fifo
kist-store --root "$T/killed" load <fifo >/dev/null 2>&1 &
loader=$!
exec 3>fifo
head -c $((size / 2)) whole.tar >&3
sleep 0.3
kill -9 $loader
wait $loader 2>/dev/null
exec 3>&-
status 0 kist-store --root "$T/killed" ls
[ ! -s "$T/out" ] || fail 'a killed load published an image'
status 0 kist-store --root "$T/killed" gc
left=$(find "$T/killed" -type f -size +4k | head)
[ -z "$left" ] || fail "a killed load left: $left"
[ -n "$digest" ]
