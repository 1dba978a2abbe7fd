# SPDX-License-Identifier: Apache-2.0
# The exit record: the real start after a killed monitor; what cannot be read names the file and hides nobody.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/engine.sh"

load_busybox
id=$(run -d --name web busybox sleep 1000) || fail 'run -d'
started=$(kist inspect -f '{{.State.StartedAt}}' web)
status 0 kist kill web
wait_for 5 sh -c '[ "$(kist inspect -f "{{.State.Status}}" web)" = exited ]'
status 0 kist inspect -f '{{.State.StartedAt}}' web
says "$started"
status 0 kist start web
running=$(kist inspect -f '{{.State.StartedAt}}' web)
[ "$running" != "$started" ] || fail 'a new start has the time of the old one'
kill_hard "$(cat "$KIST_RUN/containers/$id/lock")"
rm -rf "$KIST_RUN/containers/$id" # as after the machine was started again
status 0 kist stop web
status 0 kist inspect -f '{{.State.StartedAt}}' web
says "$running"
status 0 kist inspect -f '{{.State.ExitCode}} {{.State.FinishedAt}}' web
says '137 '
[ "$(kist inspect -f '{{.State.FinishedAt}}' web)" != "$running" ] || fail 'it ended when it started'

# damaged, of another kind, or of a newer program: the rest is listed, and the message says where to look
other=$(run -d --name other busybox sleep 1000) || fail 'run -d other'
for text in '' '{"exit_code":' '[]' '{"exit_code":"x"}' '{"version":99,"exit_code":0}'; do
	printf %s "$text" >"$KIST_ROOT/containers/$id/exit.json"
	status 0 kist ps -a --format '{{.Names}} {{.State}}'
	says 'other running'
	says 'web exited'
	complains "$KIST_ROOT/containers/$id/exit.json"
	status 0 kist inspect -f '{{.State.Error}}' web
	says "$id/exit.json"
done
status 0 kist start web
status 0 kist ps --format '{{.Names}}'
says web
status 0 kist rm -f web
status 0 kist rm -f "$other"
nothing_left
