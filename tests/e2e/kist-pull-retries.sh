# SPDX-License-Identifier: Apache-2.0
# A server that is busy or broken for a moment is asked again, by one rule for whatever is asked for, and not for ever.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/registry.sh"

small_layout
fresh() { rm -rf "$KIST_ROOT"; }
whole() { # into the store, and as a stream
	fresh
	status 0 kist-pull -q "$SERVER/app:v1"
	check 'the store is sound' kist-store fsck
}
for code in 429 500 502 503 504; do
	for kind in manifests blobs; do
		serve "busy-$code-$kind" busy=$code busy_for=$kind busy_times=2
		whole
		check "a $code for $kind" test "$(asked "$LOG" "\"status\": $code")" = 2
	done
done
serve token auth=token busy=503 busy_for=token busy_times=2
whole
check 'a token is asked for again' test "$(asked "$LOG" '"status": 503')" = 2
serve stream busy=503 busy_for=blobs busy_times=3
status 0 kist-pull -q -o archive "$SERVER/app:v1"
check 'the archive is whole' tar tf archive
serve reset reset=3
whole
serve reset-stream reset=3
status 0 kist-pull -q -o archive "$SERVER/app:v1"
check 'the archive is whole' tar tf archive

# what a server asks for is waited for, in seconds and as a date
for after in 2 date:3; do
	serve "after-$after" busy=429 busy_for=manifests busy_times=1 retry_after=$after
	started=$(date +%s)
	whole
	check "Retry-After: $after" test $(($(date +%s) - started)) -ge 2
done
# but not for an hour, and not what is no time at all
serve hour busy=429 busy_for=manifests retry_after=3600
fresh
status 1 kist-pull -q "$SERVER/app:v1"
complains 'too many requests'
complains 'it asks to come again in 3600 seconds'
check 'asked once' test "$(asked "$LOG" '"status": 429')" = 1
serve odd busy=503 busy_for=manifests busy_times=1 retry_after=soon
whole
serve past busy=503 busy_for=manifests busy_times=1 retry_after=date:-100
whole

# what stays broken is given up, and what is wrong is not asked for again
serve broken busy=500 busy_for=blobs
fresh
status 1 kist-pull -q "$SERVER/app:v1"
complains 'HTTP status 500'
check 'not for ever' test "$(asked "$LOG" '"status": 500')" -le 15
serve refused busy=403 busy_for=manifests
status 5 kist-pull -q "$SERVER/app:v1"
check 'a refusal is one' test "$(asked "$LOG" '"status": 403')" = 1

# cut off, and then no range can be satisfied: from the start
serve unsatisfied cut=100000 times=1 range=416
whole
check 'a 416 is in between' test "$(asked "$LOG" '"status": 416')" = 1
serve unsatisfied-stream cut=100000 times=1 range=416
status 0 kist-pull -q -o archive "$SERVER/app:v1"
check 'the archive is whole' tar tf archive
serve never cut=100000 range=416
fresh
status 1 kist-pull -q "$SERVER/app:v1"
check 'not for ever' test "$(asked "$LOG" '"status": 416')" -le 6
