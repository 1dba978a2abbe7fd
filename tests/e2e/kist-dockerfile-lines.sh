#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A Dockerfile becomes JSON lines, a wrong one a line with the place; the parser can do nothing else.
. "$KIST_SOURCE/tests/e2e/lib.sh"

need jq
printf '# syntax=docker/dockerfile:1\nFROM a AS b\nRUN --mount=type=cache,target=/c make \\\n\n  install\nCOPY <<E /f\nx\nE\nCMD ["a","b"]\n' >f
status 0 kist-dockerfile <f
jq -rc '[.line, .end_line, .instruction, .json, .args]' "$T/out" >lines || fail "no JSON"
cat >expected <<'END'
[null,null,null,null,null]
[5,null,null,null,null]
[2,2,"FROM",false,["a","AS","b"]]
[3,5,"RUN",false,["make   install"]]
[6,8,"COPY",false,["<<E","/f"]]
[9,9,"CMD",true,["a","b"]]
END
cmp expected lines || fail "$(cat lines)"
says '"directives":{"escape":"\\","syntax":"docker/dockerfile:1"}'
says '"flags":[{"name":"mount","value":"type=cache,target=/c"}]'
says '"heredocs":[{"name":"E","content":"x\n","expand":true,"chomp":false}]'

printf 'FROM a\nRUM b\n' >f
status 1 kist-dockerfile <f
complains 'kist-dockerfile: dockerfile parse error on line 2: unknown instruction: RUM (did you mean RUN?)'
[ "$(jq -c '[.line, .error]' "$T/out")" = \
	'[2,"dockerfile parse error on line 2: unknown instruction: RUM (did you mean RUN?)"]' ] || fail "$(cat "$T/out")"
status 1 kist-dockerfile </dev/null
complains 'the Dockerfile cannot be empty'
printf 'RUN x\n' >f
status 1 kist-dockerfile <f
complains 'no build stage in current context'
status 0 kist-dockerfile --trigger <f
head -c 5000000 /dev/zero | tr '\0' x >f
status 1 kist-dockerfile <f
complains 'larger than'
status 1 sh -c 'printf "FROM a\n" | kist-dockerfile >/dev/full'

# before the first byte is read, it has given up everything
mkfifo pipe
kist-dockerfile <pipe >"$T/out" 2>&1 &
pid=$!
exec 3>pipe
wait_for 5 grep -q '^Seccomp:	2' /proc/$pid/status
grep -q '^CapEff:	0000000000000000' /proc/$pid/status || fail "capabilities are left"
grep -q '^NoNewPrivs:	1' /proc/$pid/status || fail "new privileges"
echo 'FROM a' >&3
exec 3>&-
wait $pid || fail "status $?"
