# SPDX-License-Identifier: Apache-2.0
# A container's record is read and changed, its name too; its end is waited for; what its run left goes.
. "$KIST_SOURCE/tests/e2e/lib.sh"

need jq
a=$(printf 'a%063d' 1) b=$(printf 'b%063d' 2)
echo '{"One":{"Two":3}}' | kist-store create --name web --engine - "$a" scratch >/dev/null || fail 'create'
kist-store create --no-sync "$b" scratch >/dev/null || fail 'create'
status 0 kist-store containers
[ "$(jq -c '[.id, .name, .running]' "$T/out")" = "[\"$a\",\"web\",false]
[\"$b\",\"$(echo "$b" | cut -c1-12)\",false]" ] || fail 'containers'
status 0 kist-store record web
[ "$(jq -c '[.id, .name, .layers, .engine]' "$T/out")" = "[\"$a\",\"web\",[],{\"One\":{\"Two\":3}}]" ] || fail 'record'
# only the engine's part changes, and what other programs put into the record stays
jq -c '.other = 1' "$KIST_ROOT/containers/$a/record.json" >new && cat new >"$KIST_ROOT/containers/$a/record.json"
echo '{"Four":5}' >engine.json
status 0 kist-store record --engine engine.json web
[ "$(kist-store record "$a" | jq -c '[.engine, .other, .name]')" = '[{"Four":5},1,"web"]' ] || fail 'record --engine'
echo '[]' >wrong.json
status 1 kist-store record --engine wrong.json web
status 3 kist-store record none

status 0 kist-store rename web site
status 3 kist-store record web
[ "$(kist-store record site | jq -r .name)" = site ] || fail 'rename'
status 4 kist-store rename "$b" site
status 2 kist-store rename "$b" 'a/b'
status 3 kist-store rename none x
[ "$(cd "$KIST_ROOT/names" && echo *)" = "$(echo "$b" | cut -c1-12) site" ] || fail 'names'

# its end: the lock that its monitor holds
status 0 kist-store wait site
[ ! -s "$T/out" ] || fail 'an exit record of one that never ran'
mkdir -p "$KIST_RUN/containers/$a"
sh -c 'exec 9>"$1"; echo $$ >&9; flock 9; exec sleep 60' - "$KIST_RUN/containers/$a/lock" &
holder=$!
wait_for 5 sh -c "! flock -n '$KIST_RUN/containers/$a/lock' true"
[ "$(kist-store containers | jq -r 'select(.running).id')" = "$a" ] || fail 'it does not run'
status 4 kist-store wait --timeout 0 site
complains "container $a still runs"
status 4 kist-store wait -t 1 site
status 2 kist-store wait -t soon site
# that of a running one stays
status 4 kist-store forget-run "$a"
complains 'is running'
[ -d "$KIST_RUN/containers/$a" ] || fail 'forgotten while it runs'
echo '{"exit_code":7,"signal":0,"oom_killed":false,"started_at":"2026-01-01T00:00:00Z","finished_at":"2026-01-01T00:00:01Z","error":""}' >"$KIST_ROOT/containers/$a/exit.json"
for t in -1 50; do
	kist-store wait -t $t site >"waited.$t" &
	waiters="${waiters:-} $!"
done
kill $holder
for w in $waiters; do
	wait "$w" || fail 'wait failed'
done
for t in -1 50; do
	[ "$(jq .exit_code "waited.$t")" = 7 ] || fail "wait -t $t: $(cat "waited.$t")"
done
# a lock without a pid in it is waited for, too
: >"$KIST_RUN/containers/$a/lock"
sh -c 'exec 9<"$1"; flock 9; exec sleep 0.2' - "$KIST_RUN/containers/$a/lock" &
wait_for 5 sh -c "! flock -n '$KIST_RUN/containers/$a/lock' true"
status 0 kist-store wait -t 50 site
wait
status 0 kist-store forget-run "$a"
[ ! -e "$KIST_RUN/containers/$a" ] || fail 'not forgotten'
status 0 kist-store forget-run "$a"
status 2 kist-store forget-run site
status 2 kist-store forget-run ../containers
mkdir -p "$KIST_RUN/containers/$b"
sh -c 'exec 9>"$1"; flock 9; exec sleep 60' - "$KIST_RUN/containers/$b/lock" &
holder=$!
wait_for 5 sh -c "! flock -n '$KIST_RUN/containers/$b/lock' true"
status 0 kist-store forget-run --force "$b"
[ ! -e "$KIST_RUN/containers/$b" ] || fail 'not forgotten with --force'
kill $holder
wait $holder 2>/dev/null
status 0 kist-store rm site
status 0 kist-store rm "$b"
