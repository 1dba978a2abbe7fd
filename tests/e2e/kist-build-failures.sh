#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What is wrong is named with its line, in docker's words, with status 1; nothing is left behind.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/build.sh"

need kist-runtime
base_image
echo x >"$T/context/file"

# fails LINE TEXT, the Dockerfile on stdin
fails() {
	dockerfile
	status 1 kist-build -t failed "$T/context"
	complains "$2"
	[ "$1" = 0 ] || grep -q "^ *$1 | >>> " "$T/err" || fail "line $1 is not marked"
	[ "$1" = 0 ] || complains "Dockerfile:$1"
}

fails 2 'ERROR: failed to solve: process "/bin/sh -c echo said; exit 7" did not complete successfully: exit code: 7' <<'EOF'
FROM busybox
RUN echo said; exit 7
EOF
complains ' > [2/2] RUN echo said; exit 7:'
grep -q '^#4 [0-9.]* said$' "$T/err" || fail "the output is not shown"
fails 2 'process "/nosuch arg" did not complete successfully: exit code: 127' <<'EOF'
FROM busybox
RUN ["/nosuch","arg"]
EOF
fails 2 'exit code: 137' <<'EOF'
FROM busybox
RUN sh -c 'kill -9 $$' && true
EOF
fails 2 'dockerfile parse error on line 2: unknown instruction: RUM (did you mean RUN?)' <<'EOF'
FROM busybox
RUM true
EOF
fails 3 '"/nosuch": not found' <<'EOF'
FROM busybox
# comment
COPY nosuch /x
EOF
fails 2 '"/nosuch*": not found' <<'EOF'
FROM busybox
COPY nosuch* /x/
EOF
fails 2 'the destination must be a directory and end with a /' <<'EOF'
FROM busybox
COPY file file /x
EOF
fails 3 'cannot copy to non-directory: /x' <<'EOF'
FROM busybox
COPY file /x
COPY file /x/
EOF
fails 2 "unable to find user nosuch" <<'EOF'
FROM busybox
COPY --chown=nosuch file /x
EOF
fails 2 'syntax error: missing' <<'EOF'
FROM busybox
ENV a=${b
EOF
fails 3 'b: give it' <<'EOF'
FROM busybox
# the message of ${:?}
ENV a="${b:?give it}"
EOF
fails 2 'Invalid containerPort: a' <<'EOF'
FROM busybox
EXPOSE a
EOF
fails 2 'Invalid signal: SIGNOSUCH' <<'EOF'
FROM busybox
STOPSIGNAL SIGNOSUCH
EOF
fails 1 'base name ($x) should not be blank' <<'EOF'
FROM $x
EOF
fails 1 'failed to resolve source metadata for 127.0.0.1:1/nosuch:1' <<'EOF'
FROM 127.0.0.1:1/nosuch:1
EOF
fails 1 'must be lowercase' <<'EOF'
FROM BUSYBOX
EOF
fails 2 'variable expansion is not supported for --from' <<'EOF'
FROM busybox
COPY --from=$x /a /b
EOF
# what is not executed yet is refused by name, before the first step
fails 3 'COPY --link is not executed yet' <<'EOF'
FROM busybox
RUN echo executed
COPY --link file /x
EOF
grep -q executed "$T/out" && fail "a step was executed"
fails 2 'secret x: not found' <<'EOF'
FROM busybox
RUN --mount=type=secret,id=x,required true
EOF
fails 2 'RUN --security=insecure is not executed yet' <<'EOF'
FROM busybox
RUN --security=insecure true
EOF
fails 2 "ADD of the remote source 'https://127.0.0.1/x' is not executed yet" <<'EOF'
FROM busybox
ADD https://127.0.0.1/x /x
EOF
fails 1 "cannot build for platform 'linux/s390x'" <<'EOF'
FROM --platform=linux/s390x busybox
EOF
fails 0 "the frontend 'some/frontend' is not executed" <<'EOF'
# syntax=some/frontend
FROM busybox
EOF

status 1 kist-build --target nosuch "$T/context"
status 1 kist-build "$T/nosuch"
complains 'path "'"$T/nosuch"'" not found'
status 1 kist-build https://127.0.0.1/x.git
complains 'is remote'
status 2 kist-build --nosuch "$T/context"
rm "$T/context/Dockerfile"
status 1 kist-build "$T/context"
complains 'failed to read dockerfile: open Dockerfile: no such file or directory'

kist-store inspect failed >/dev/null 2>&1 && fail "a failed build was tagged"
[ -z "$(find "$KIST_ROOT/cache/build" -name '.tmp-*')" ] || fail "a workspace is left"
[ -z "$(find /sys/fs/cgroup -name 'build-*' -type d 2>/dev/null)" ] || fail "a cgroup is left"
